import KubernetesAPI
import Scenarios
import Simulation
import Testing

@Suite("Storage that manifests name and nobody defines")
struct StorageAssemblyTests {
    private static func claim(_ spec: String = "", _ rest: String = "") -> String {
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: c\(rest.isEmpty ? "" : ", uid: 11111111-1111-4111-8111-111111111111")}
        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}\(spec)}
        \(rest)
        """
    }

    private static func volume(_ storageClass: String) -> String {
        """
        ---
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: v}
        spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: "\(storageClass)", hostPath: {path: /x}}
        """
    }

    private static func storageClass(_ name: String) -> String {
        "---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: \(name)}\nprovisioner: x.y\n"
    }

    @Test(
        "is added, and said so",
        arguments: [
            (claim(", storageClassName: gp3"), ["StorageClass gp3"]),
            (claim(", storageClassName: gp3") + storageClass("gp3"), []),
            // People made a volume of that class.
            (claim(", storageClassName: local") + volume("local"), []),
            (claim(), ["StorageClass standard"]),
            (claim() + volume(""), []),
            (claim(", storageClassName: \"\""), []),
            (claim(", volumeName: v"), []),
            (claim(", volumeName: v", "status: {phase: Bound}"), ["PersistentVolume v"]),
        ])
    func additions(_ manifest: String, _ expected: [String]) throws {
        let loaded = ScenarioFixtures.load(spec: "  seed: 1", manifest: manifest + "\n---\n" + ScenarioFixtures.web)
        let setup = try #require(loaded.setup)
        let names = setup.objects.map { "\($0.kind.name) \($0.metadata.name)" }
        let own = ["StorageClass gp3", "StorageClass local"].filter { _ in manifest.contains("kind: StorageClass") }
        let volumes = manifest.contains("kind: PersistentVolume\n") ? ["PersistentVolume v"] : []
        let added = names.filter { ($0.hasPrefix("StorageClass") || $0.hasPrefix("PersistentVolume ")) }
            .filter { !own.contains($0) && !volumes.contains($0) }
        #expect(added == expected)
        let warnings = ScenarioFixtures.warnings(loaded).filter { $0.contains("stand") }
        #expect(warnings.count == expected.count)
    }

    @Test("is left out when the scenario says so, and an error where everything must be known")
    func refused() throws {
        let manifest = Self.claim() + "\n---\n" + ScenarioFixtures.web
        let plain = ScenarioFixtures.load(spec: "  volumes: {standIns: false, provisioners: [a, b]}", manifest: manifest)
        let setup = try #require(plain.setup)
        #expect(setup.objects.allSatisfy { $0.kind != .storageClass })
        #expect(setup.provisioners == ["a", "b"])
        let strict = ScenarioFixtures.load(spec: "  seed: 1", manifest: manifest) { $0.isStrict = true }
        #expect(ScenarioFixtures.errors(strict).contains { $0.contains("a default storage class is defined nowhere") })
    }
}
