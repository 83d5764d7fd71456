import Foundation
import Testing

@Suite("Real manifests run unmodified")
struct ManifestSetTests {
    static let shared = OrreryProcess.root + "/../shared/data/manifests"

    /// The three sets; of the services that Bookinfo's files define in several variants, the last one counts.
    static let sets = [["online-boutique"], ["dsb-hotel-reservation"], ["istio-bookinfo"]]

    @Test(
        "every pod of each set reaches Running on enough machines; on too few the summary says what is missing",
        arguments: sets)
    func runs(_ names: [String]) throws {
        let paths = names.map { Self.shared + "/" + $0 }
        guard paths.allSatisfy(FileManager.default.fileExists(atPath:)) else {
            print("skipped: \(paths) are not there")
            return
        }
        let folder = try TemporaryFolder()
        let options = ["--machines", "6xm6i.2xlarge", "--zones", "us-east-1a,us-east-1b", "--for", "6h", "--json"]
        let enough = try OrreryProcess.run(["run"] + paths + options, in: folder)
        try #require(enough.status == 0, "\(enough.errors)")
        let summary = try RunTests.summary(enough)
        #expect(summary.pods.created > 3)
        #expect(summary.pods.running == summary.pods.created, "\(summary.pods)")
        // Bookinfo asks for nothing, so that only the number of pods a machine takes can run out.
        let few = try OrreryProcess.run(["run"] + paths + ["--machines", "1xt3.nano", "--for", "6h"], in: folder)
        try #require(few.status == 0, "\(few.errors)")
        #expect(few.output.contains("waiting for a node"), "\(few.output)")
        #expect(few.output.contains("Insufficient") || few.output.contains("Too many pods"), "\(few.output)")
    }
}
