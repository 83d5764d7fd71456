import Chronology
import KubernetesAPI
import Observations
import Simulation
import Testing
import VirtualTime
import Workloads

@Suite("Runs with one seed meet the same fate")
struct PairedRunTests {
    private static func job(_ name: String, _ completions: Int64) -> KubernetesObject {
        var container = Container(name: "main", image: "shop/job:1")
        container.requests = [.cpu: Quantity(milli: 100)]
        var pod = PodSpec(containers: [container])
        pod.restartPolicy = .never
        var spec = Job.Spec()
        spec.template = PodTemplateSpec(labels: ["job": name], spec: pod)
        spec.completions = completions
        spec.parallelism = completions
        return .job(Job(metadata: ObjectMeta(name: name, namespace: "default"), spec: spec))
    }

    /// Names and run times of the pods of the job `nightly`, by name.
    private func fate(_ change: (inout WorldSetup) -> Void) -> [String] {
        var setup = Fixture.setup(machines: 2, horizon: .hours(20))
        setup.objects = [Fixture.deployment("web", replicas: 3), Self.job("nightly", 4)]
        var rule = WorkloadRule()
        rule.match = WorkloadRule.Match(kind: "Job")
        rule.runTime = .after(.lognormal(median: 900, p95: 3600))
        setup.workloads = WorkloadBook(rules: [rule])
        change(&setup)
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.run()
        let names = notes.pods.filter { $0.name.hasPrefix("nightly-") }
        return names.map { pod in
            let ran = notes.podIntervals.filter { $0.pod == pod.pod && $0.state == .ready }
            return "\(pod.name) \(ran.map { ($0.to - $0.from).inSeconds.rounded() })"
        }.sorted()
    }

    @Test("names and run times do not depend on what else there is")
    func others() {
        let plain = fate { _ in }
        #expect(plain.count == 4 && Set(plain).count == 4)
        let map = UnmodelledObject(apiVersion: "v1", kind: "ConfigMap", metadata: ObjectMeta(name: "a", namespace: "default"))
        #expect(plain == fate { $0.objects.insert(.other(map), at: 0) })
        #expect(plain == fate { $0.objects.insert(Fixture.deployment("aaa", replicas: 5, cpu: 10), at: 0) })
        #expect(plain == fate { $0.pools[0].count = 5 })
        #expect(plain != fate { $0.seed = Seed(2) })
    }
}
