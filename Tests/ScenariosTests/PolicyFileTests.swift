import KubernetesAPI
import Scheduler
import SchedulingFramework
import Testing

@Suite("Configurations may name research policies")
struct PolicyFileTests {
    @Test("a profile with FGD is read, with its typical pods and the weights made shares")
    func fragmentation() {
        let (configuration, diagnostics) = SchedulerFile.read(
            """
            profiles:
            - plugins: {multiPoint: {enabled: [{name: GpuShare}, {name: FGD, weight: 1000}]}}
              pluginConfig:
              - name: NodeResourcesFit
                args: {ignoredResourceGroups: [alibabacloud.com]}
              - name: FGD
                args:
                  typicalPods:
                  - {cpu: 8, gpuMilli: 460, weight: 3}
                  - {cpu: 500m, weight: 1}
                  - {cpu: 16, gpuCount: 2, models: [T4], weight: 4}
              - {name: Random, args: {seed: 7}}
            """)
        #expect(diagnostics.all == [])
        let arguments = configuration.profiles[0].arguments
        #expect(arguments.random.seed == 7)
        #expect(
            arguments.fragmentation.typicalPods == [
                FragmentMeasure.PodClass(milliCPU: 8000, gpu: GpuRequest(milli: 460), share: 0.375),
                FragmentMeasure.PodClass(milliCPU: 500, gpu: nil, share: 0.125),
                FragmentMeasure.PodClass(
                    milliCPU: 16_000, gpu: GpuRequest(count: 2, milli: 1000, models: ["T4"]), share: 0.5),
            ])
    }

    @Test(
        "mistakes in the arguments are said",
        arguments: [
            ("{typicalPods: [{cpu: 1, gpuMilli: 1500}]}", "gpuMilli"),
            ("{typicalPods: [{cpu: 1, gpuMilli: 500, gpuCount: 2}]}", "gpuMilli"),
            ("{typicalPods: [{cpu: 1, gpuMili: 500}]}", "gpuMili"), ("{typicalPod: []}", "typicalPod"),
        ])
    func mistakes(arguments: String, field: String) {
        let (_, diagnostics) = SchedulerFile.read(
            "profiles:\n- pluginConfig:\n  - {name: FGD, args: \(arguments)}\n")
        #expect(diagnostics.errorCount == 1)
        #expect(diagnostics.all.first.map { "\($0)".contains(field) } == true, "\(diagnostics.all)")
    }

    @Test(
        "FGD that knows no typical pods is warned of: it prefers no node",
        arguments: [
            ("{multiPoint: {enabled: [{name: FGD}]}}", "{seed: 1}", 1),
            ("{score: {enabled: [{name: FGD}]}}", "{seed: 1}", 1), ("{score: {enabled: [{name: BestFit}]}}", "{}", 0),
        ])
    func noTypicalPods(plugins: String, seed: String, count: Int) {
        let (_, diagnostics) = SchedulerFile.read(
            "profiles:\n- plugins: \(plugins)\n  pluginConfig:\n  - {name: Random, args: \(seed)}\n")
        #expect(diagnostics.errorCount == 0)
        #expect(diagnostics.all.filter { "\($0)".contains("typicalPods") }.count == count, "\(diagnostics.all)")
    }

    @Test("a misspelt policy is answered with the right name")
    func nearest() {
        let (_, diagnostics) = SchedulerFile.read(
            "profiles:\n- plugins: {multiPoint: {enabled: [{name: GpuPackin}]}}\n")
        #expect(diagnostics.all.contains { $0.nearest == "GpuPacking" }, "\(diagnostics.all)")
    }
}
