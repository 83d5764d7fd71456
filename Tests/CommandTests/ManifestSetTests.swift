import Foundation
import Testing

@Suite("Real manifests run unmodified")
struct ManifestSetTests {
    static let shared = OrreryProcess.root + "/../shared/data/manifests"

    /// The three sets; Bookinfo's files hold the same services in several variants, of which one is run.
    static let sets = [
        ["online-boutique"], ["dsb-hotel-reservation"],
        ["bookinfo.yaml", "bookinfo-mysql.yaml", "bookinfo-ratings-v2-mysql.yaml"]
            .map { "istio-bookinfo/samples/bookinfo/platform/kube/" + $0 },
        ["istio-bookinfo/samples/bookinfo/platform/kube/bookinfo-psa.yaml"],
    ]

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
