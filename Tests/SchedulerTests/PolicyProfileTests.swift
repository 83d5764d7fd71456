import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler
import SchedulingFramework
import Testing

/// Policies as plugins of a profile.
@Suite struct PolicyProfileTests {
    private static let policies: [PluginName] = [
        Random.name, DotProduct.name, GpuClustering.name, GpuPacking.name, BestFit.name,
        FragmentationGradientDescent.name,
    ]

    private static let typicalPods = [
        FragmentMeasure.PodClass(milliCPU: 1000, gpu: GpuRequest(milli: 300), share: 0.6),
        FragmentMeasure.PodClass(milliCPU: 4000, gpu: GpuRequest(count: 2, milli: 1000), share: 0.4),
    ]

    private static func configuration(_ policy: PluginName, usesMemo: Bool = true) -> SchedulerConfiguration {
        var profile = SchedulerProfile()
        profile.plugins[.multiPoint] = PluginSet(enabled: [.init(GpuShare.name), .init(policy, weight: 1000)])
        profile.arguments.fit.ignoredResourceGroups = ["alibabacloud.com"]
        profile.arguments.fragmentation = .init(typicalPods: typicalPods)
        var configuration = SchedulerConfiguration(profiles: [profile])
        configuration.tieBreak = .first
        configuration.usesShapeMemo = usesMemo
        return configuration
    }

    private static func node(_ index: Int) -> Node {
        var node = Make.node("n\(index)", cpu: "32", memory: 128)
        node.status.allocatable[.nvidiaGPU] = Quantity(Int64(index % 3 * 2))
        return node
    }

    private static func pod(_ index: Int, annotated: Bool = false) -> Pod {
        let devices = index % 7 == 0 ? 2 : 1
        let milli = devices == 2 ? 1000 : 100 + 150 * (index % 5)
        var pod = Make.pod("p\(index)", uid: UInt64(index), cpu: "\(1 + index % 3)") { spec in
            guard index % 4 != 0, !annotated else { return }
            spec.containers[0].requests[GpuRequest.milliName] = Quantity(Int64(milli))
            spec.containers[0].requests[GpuRequest.countName] = Quantity(Int64(devices))
        }
        if annotated, index % 4 != 0 {
            pod.metadata.annotations = [
                GpuRequest.milliName.text: String(milli), GpuRequest.countName.text: String(devices),
            ]
        }
        return pod
    }

    @Test("a remembering scheduler decides like a full scan, and annotations like requests", arguments: policies)
    func twins(policy: PluginName) {
        let quick = Subject(Self.configuration(policy))
        let plain = Subject(Self.configuration(policy, usesMemo: false))
        let annotated = Subject(Self.configuration(policy))
        for index in 0..<9 { for subject in [quick, plain, annotated] { subject.observe(.added(.node(Self.node(index)))) } }
        var live: [Pod] = []
        var chosen: Set<String> = []
        for index in 1...150 {
            var places: [String?] = []
            for (subject, pod) in [(quick, Self.pod(index)), (plain, Self.pod(index)), (annotated, Self.pod(index, annotated: true))] {
                subject.observe(.added(.pod(pod)))
                let node = subject.attempt()?.node
                places.append(node)
                let bound = node.map { pod.bound(to: $0) }
                subject.observe(bound.map { .modified(old: .pod(pod), new: .pod($0)) } ?? .deleted(.pod(pod)))
                if let bound, subject === quick { live.append(bound) }
            }
            #expect(places[0] == places[1] && places[0] == places[2], "pod \(index): \(places)")
            if let node = places[0] { chosen.insert(node) }
            if index % 3 == 0, !live.isEmpty {
                let gone = live.remove(at: index * 31 % live.count)
                for subject in [quick, plain, annotated] { subject.observe(.deleted(.pod(gone))) }
            }
        }
        #expect(chosen.count > 3)
    }

    @Test("the device chosen at reserve stays with the pod, and is freed when it goes")
    func reservation() {
        var scheduler = PodScheduler(configuration: Self.configuration(FragmentationGradientDescent.name), now: .start)
        scheduler.observe(.added(.node(Self.node(2))), now: .start)
        func place(_ index: UInt64, milli: Int64) -> Pod {
            let pod = Make.pod("p\(index)", uid: index) {
                $0.containers[0].requests[GpuRequest.milliName] = Quantity(milli)
            }
            scheduler.observe(.added(.pod(pod)), now: .start)
            #expect(scheduler.attempt(now: .start)?.node == "n2")
            return pod
        }
        let first = place(1, milli: 700)
        let second = place(2, milli: 600)
        let third = place(3, milli: 300)
        // FGD fills the device that has exactly 300 left.
        let devices = scheduler.node("n2")?.gpus
        #expect(devices?.devices(of: third.metadata.uid) == devices?.devices(of: first.metadata.uid))
        #expect(devices?.totalLeft == 2400)
        scheduler.observe(.modified(old: .pod(third), new: .pod(third.bound(to: "n2"))), now: .start)
        #expect(devices?.devices(of: third.metadata.uid) == devices?.devices(of: first.metadata.uid))
        var fork = scheduler.fork()
        fork.observe(.deleted(.pod(first)), now: .start)
        #expect(fork.node("n2")?.gpus?.totalLeft == 3100)
        #expect(devices?.totalLeft == 2400)
        scheduler.bindFinished(pod: second.metadata.uid, node: "n2", succeeded: false, now: .start)
        #expect(devices?.totalLeft == 3000)
    }

    @Test("the tie-break `first` takes the first node in order, with and without memory", arguments: [true, false])
    func firstOfEquals(usesMemo: Bool) {
        var configuration = SchedulerConfiguration()
        configuration.tieBreak = .first
        configuration.usesShapeMemo = usesMemo
        let subject = Subject(configuration)
        for index in (0..<80).reversed() { subject.observe(.added(.node(Make.node("n\(100 + index)")))) }
        for index in 0..<3 {
            subject.observe(.added(.pod(Make.pod("p\(index)", uid: UInt64(index)))))
            let attempt = subject.attempt()
            #expect(attempt?.node == "n\(100 + index)")
            #expect(attempt?.tieCount == 80 - index)
        }
    }

    @Test("a policy is found by name but takes no part in the default profile")
    func registry() {
        for policy in Self.policies + [GpuShare.name] {
            #expect(PluginRegistry.descriptor(policy) != nil)
            #expect(!PluginRegistry.inTree.contains { $0.name == policy })
            #expect(PodScheduler(configuration: Self.configuration(policy), now: .start).unknownPlugins.isEmpty)
        }
    }
}
