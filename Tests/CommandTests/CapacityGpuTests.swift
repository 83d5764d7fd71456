import Foundation
import Testing

@Suite("Capacity for pods with GPUs")
struct CapacityGpuTests {
    private func folder(_ resource: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: serving}
            spec:
              replicas: 6
              selector: {matchLabels: {app: serving}}
              template:
                metadata: {labels: {app: serving}}
                spec:
                  containers:
                    - {name: m, image: "registry.example.com/m:1", resources: {limits: {cpu: "2", memory: 4Gi, \(resource)}}}
            """, to: "serving.yaml")
        try folder.write(
            """
            apiVersion: kubescheduler.config.k8s.io/v1
            kind: KubeSchedulerConfiguration
            profiles:
              - schedulerName: default-scheduler
                plugins: {multiPoint: {enabled: [{name: GpuShare}]}}
                pluginConfig: [{name: NodeResourcesFit, args: {ignoredResourceGroups: [alibabacloud.com]}}]
            """, to: "share.yaml")
        return folder
    }

    @Test("pods that share devices get the machines whose devices hold them, and no machine without any")
    func shares() throws {
        // Three shares of 300 fit on a device, and four devices are on each g5.12xlarge.
        let arguments = ["capacity", "plan", "serving.yaml", "--for", "1h", "--scheduler-config", "share.yaml", "--types"]
        let folder = try folder("alibabacloud.com/gpu-milli: 300")
        let outcome = try OrreryProcess.run(arguments + ["m6i.4xlarge,g5.12xlarge"], in: folder)
        #expect(outcome.status == 0 && outcome.output.contains("1  g5.12xlarge"), "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.contains("24.00 GiB, 1800m of GPUs in 6 pods"), "\(outcome.output)")
        let none = try OrreryProcess.run(arguments + ["m6i.4xlarge"], in: folder)
        #expect(none.status == 1 && none.output.contains("no machine type has room for the largest pod"), "\(none.output)")
    }

    @Test("a slice of a GPU is shown as one, and is in a plan only when it is named")
    func slices() throws {
        let folder = try folder("nvidia.com/gpu: 1")
        let shown = try OrreryProcess.run(["prices", "show", "g6f.xlarge"], in: folder)
        #expect(shown.output.contains("GPUs        1/8 l4\n"), "\(shown.output)")
        let arguments = ["capacity", "plan", "serving.yaml", "--for", "1h"]
        let named = try OrreryProcess.run(arguments + ["--types", "g6f.xlarge"], in: folder)
        #expect(named.status == 0 && named.output.contains("6  g6f.xlarge"), "\(named.output)\(named.errors)")
        let plain = try OrreryProcess.run(arguments + ["--trials", "4"], in: folder)
        #expect(plain.status == 0 && !plain.output.contains("g6f."), "\(plain.output)\(plain.errors)")
    }
}
