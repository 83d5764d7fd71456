import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Testing

@Suite("Admission of pods")
struct AdmissionTests {
    @Test(
        "priority comes from the class, the built-in classes, or the lowest global default",
        arguments: [
            ("high", false, 1000, "high"), ("", false, 0, ""), ("", true, 5, "low-default"),
            ("system-cluster-critical", false, 2_000_000_000, "system-cluster-critical"),
            ("system-node-critical", true, 2_000_001_000, "system-node-critical"),
        ] as [(String, Bool, Int32, String)])
    func priority(_ name: String, _ hasDefaults: Bool, _ value: Int32, _ resolved: String) throws {
        var store = ObjectStore(seed: 1)
        _ = try store.add(newPriorityClass("high", 1000))
        if hasDefaults {
            _ = try store.add(newPriorityClass("upper-default", 9, globalDefault: true))
            _ = try store.add(newPriorityClass("low-default", 5, globalDefault: true))
        }
        var pod = newPod("a")
        pod.spec.priorityClassName = name
        let stored = try store.add(pod)
        #expect(stored.spec.priority == value)
        #expect(stored.spec.priorityClassName == resolved)
        #expect(stored.spec.preemptionPolicy == .preemptLowerPriority)
    }

    @Test("a new priority class counts for the next pod of the same template")
    func classChange() throws {
        var store = ObjectStore(seed: 1)
        let template = newPod("a")
        #expect(try store.add(template).priority == 0)
        _ = try store.add(newPriorityClass("default-class", 8, globalDefault: true))
        var second = template
        second.metadata.name = "b"
        #expect(try store.add(second).priority == 8)
    }

    @Test("replicas of one template share one admitted spec, however many templates there are")
    func sharing() throws {
        var store = ObjectStore(seed: 1)
        let box = PodSpecBox(PodSpec(containers: [Container(name: "main")]))
        var admitted: [ObjectIdentifier] = []
        for index in 0..<3000 {
            let mine = Pod(metadata: ObjectMeta(name: "mine-\(index)", namespace: "default"), specBox: box)
            admitted.append(ObjectIdentifier(try store.add(mine).specBox))
            _ = try store.add(newPod("other-\(index)"))
        }
        #expect(Set(admitted).count == 1)
    }

    @Test("tolerations of not-ready and unreachable are added unless the pod has its own")
    func tolerations() throws {
        var store = ObjectStore(seed: 1)
        let plain = try store.add(newPod("a")).spec.tolerations
        #expect(plain.map(\.key) == ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"])
        #expect(
            plain.allSatisfy { $0.operator == .exists && $0.effect == .noExecute && $0.tolerationSeconds == 300 })
        var own = newPod("b")
        own.spec.tolerations = [
            Toleration(key: "node.kubernetes.io/unreachable", operator: .exists, effect: .noExecute)
        ]
        let kept = try store.add(own).spec.tolerations
        #expect(kept.map(\.tolerationSeconds) == [nil, 300])
        var all = newPod("c")
        all.spec.tolerations = [Toleration(operator: .exists)]
        #expect(try store.add(all).spec.tolerations.count == 1)
    }

    @Test("pods of one template with other labels get spread selectors of their own")
    func matchLabelKeys() throws {
        var store = ObjectStore(seed: 1)
        let spread = TopologySpreadConstraint(
            maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: .doNotSchedule, labelSelector: LabelSelector(),
            matchLabelKeys: ["version"])
        var first = newPod("a", labels: ["version": "1"])
        first.spec.topologySpreadConstraints = [spread]
        let second = Pod(
            metadata: ObjectMeta(name: "b", namespace: "default", labels: ["version": "2"]), specBox: first.specBox)
        let third = Pod(
            metadata: ObjectMeta(name: "c", namespace: "default", labels: ["version": "1"]), specBox: first.specBox)
        let stored = [try store.add(first), try store.add(second), try store.add(third)]
        let values = stored.map {
            $0.spec.topologySpreadConstraints[0].labelSelector?.matchExpressions.flatMap(\.values)
        }
        #expect(values == [["1"], ["2"], ["1"]])
        #expect(stored[0].specBox === stored[2].specBox)
    }

    @Test("a limit range fills in requests and limits, and refuses what is out of bounds")
    func limitRange() throws {
        var store = ObjectStore(seed: 1)
        let template = newPod("before")
        #expect(try store.add(template).spec.containers[0].requests.isEmpty)
        var range = LimitRange(metadata: ObjectMeta(name: "range", namespace: "default"))
        var item = LimitRange.Item(type: "Container")
        item.default = [.cpu: Quantity(milli: 500)]
        item.defaultRequest = [.cpu: Quantity(milli: 100)]
        item.max = [.cpu: Quantity(2), .memory: Quantity(1000)]
        range.items = [item]
        _ = try store.add(.limitRange(range))
        var second = template
        second.metadata.name = "after"
        let container = try store.add(second).spec.containers[0]
        #expect(container.limits == [.cpu: Quantity(milli: 500), .memory: Quantity(1000)])
        #expect(container.requests == [.cpu: Quantity(milli: 100), .memory: Quantity(1000)])
        var large = newPod("large")
        large.spec.containers[0].limits = [.cpu: Quantity(3)]
        #expect(throws: ActionError.self) { try store.add(large) }
        #expect(try store.add(newPod("elsewhere", namespace: "kube-system")).spec.containers[0].limits.isEmpty)
    }

    @Test(
        "the quality of service follows from requests and limits of cpu and memory",
        arguments: [
            ([:], [:], .bestEffort),
            ([.nvidiaGPU: Quantity(1)], [.nvidiaGPU: Quantity(1)], .bestEffort),
            ([.cpu: Quantity(1)], [:], .burstable),
            ([:], [.cpu: Quantity(1), .memory: Quantity(5)], .guaranteed),
            ([.cpu: Quantity(milli: 900)], [.cpu: Quantity(1), .memory: Quantity(5)], .burstable),
            ([:], [.cpu: Quantity(1)], .burstable),
        ] as [(ResourceList, ResourceList, PodStatus.QOSClass)])
    func quality(_ requests: ResourceList, _ limits: ResourceList, _ expected: PodStatus.QOSClass) throws {
        var store = ObjectStore(seed: 1)
        var pod = newPod("a")
        pod.spec.containers[0].requests = requests
        pod.spec.containers[0].limits = limits
        #expect(try store.add(pod).status.qosClass == expected)
    }
}
