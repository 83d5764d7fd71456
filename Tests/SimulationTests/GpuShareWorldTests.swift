import Chronology
import Costs
import KubernetesAPI
import Machines
import Observations
import Scheduler
import SchedulingFramework
import Simulation
import Testing
import VirtualTime

@Suite("Pods that share graphics processors")
struct GpuShareWorldTests {
    private func run(_ amounts: [(ResourceName, Quantity)], policies: Bool) -> Notebook {
        var setup = Fixture.setup(machines: 1, horizon: .hours(10))
        setup.pools[0].machineType = .custom(name: "box", cpu: Quantity(4), memory: Quantity(16 << 30), gpuCount: 2)
        if policies {
            var profile = SchedulerProfile()
            profile.plugins = [.multiPoint: PluginSet(enabled: [PluginSet.Entry(GpuShare.name)], disabled: [])]
            profile.arguments.fit.ignoredResourceGroups = ["alibabacloud.com"]
            setup.scheduler = SchedulerConfiguration(profiles: [profile])
        }
        guard case .deployment(var owner) = Fixture.deployment("web", replicas: 2) else { preconditionFailure() }
        for (name, amount) in amounts {
            owner.spec.template.spec.containers[0].requests[name] = amount
            owner.spec.template.spec.containers[0].limits[name] = amount
        }
        setup.objects = [.deployment(owner)]
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.run()
        #expect(notes.podEnds.allSatisfy { $0.phase == "Running" } && notes.podEnds.count == 2)
        return notes
    }

    private func cost(_ notes: Notebook) -> Int64 {
        notes.allocations.filter { $0.account == "pod" }.reduce(0) { $0 + $1.gpu }
    }

    @Test("a pod pays for its share of a device: three tenths are three tenths of a whole one")
    func shares() {
        let whole = run([(.nvidiaGPU, Quantity(1))], policies: false)
        let shared = run([(GpuRequest.milliName, Quantity(300))], policies: true)
        let none = run([], policies: false)
        #expect(cost(none) == 0)
        // The pods become ready after the same time; rounding is to the nano-dollar for each row.
        #expect(abs(cost(shared) * 10 - cost(whole) * 3) < 1_000 && cost(shared) > 1_000_000_000)
        let spent = shared.allocations.reduce(0) { $0 + $1.cpu + $1.memory + $1.gpu + $1.other }
        #expect(spent == shared.assets.reduce(0) { $0 + $1.amount })
    }
}
