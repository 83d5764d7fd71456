import Foundation
import KubernetesAPI
import Machines
import Testing

@Suite struct CatalogueTableTests {
    @Test("Every EKS figure that Karpenter publishes is what our formulas give")
    func everyRow() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appending(path: "../shared/data/prices/aws_us_east_1_full.csv")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else {
            print("skipped: \(file.path) is absent")
            return
        }
        let rows = text.split(whereSeparator: \.isNewline).map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let header = try #require(rows.first)
        func column(_ name: String) throws -> Int { try #require(header.firstIndex(of: name)) }
        let (cpu, memory, pods) = try (
            column("eks_allocatable_cpu"), column("eks_allocatable_memory"), column("eks_max_pods")
        )
        let disk = try column("eks_allocatable_ephemeral")
        var compared = 0
        for row in rows.dropFirst() {
            let type = try #require(MachineCatalogue.aws[row[0]], "\(row[0]) is missing")
            guard !row[cpu].isEmpty else { continue }
            let list = type.allocatable
            #expect("\(list[.cpu]?.milliValue ?? -1)m" == row[cpu], "\(row[0])")
            #expect(list[.memory] == Quantity(Int64(row[memory].dropLast(2))! << 20), "\(row[0])")
            #expect("\(list[.pods]?.value ?? -1)" == row[pods], "\(row[0])")
            #expect("\((list[.ephemeralStorage]?.value ?? -1) >> 30)Gi" == row[disk], "\(row[0])")
            compared += 1
        }
        #expect(compared == 1_345)
    }
}
