import ClusterStore
import ControlPlane
import KubernetesAPI
import Testing

@Suite("A webhook for pods")
struct PodWebhookTests {
    /// Lets every container ask for as many cores as the namespace has VerticalPodAutoscalers.
    private struct CountingWebhook: PodWebhook {
        func changed(_ spec: PodSpec, of pod: Pod, in view: any ClusterView) -> PodSpec? {
            let count = view.objects(of: .verticalPodAutoscaler, namespace: pod.metadata.namespace).count
            var changed = spec
            for place in changed.containers.indices { changed.containers[place].requests[.cpu] = Quantity(Int64(count)) }
            return changed
        }
    }

    private func store() -> ObjectStore {
        var store = ObjectStore(seed: 1)
        store.podWebhook = CountingWebhook()
        return store
    }

    private func autoscaler(_ name: String) -> KubernetesObject {
        .verticalPodAutoscaler(VerticalPodAutoscaler(metadata: ObjectMeta(name: name, namespace: "default")))
    }

    private func cores(_ pod: Pod) -> Quantity? { pod.spec.containers[0].requests[.cpu] }

    @Test("it is asked while there are objects that it may be about, and pods of one template share what it makes")
    func sharing() throws {
        var store = store()
        let template = newPod("t").specBox
        func pod(_ name: String) -> Pod { Pod(metadata: newPod(name).metadata, specBox: template) }
        let plain = try store.add(pod("a"))
        #expect(cores(plain) == nil && plain.specBox.original == nil)
        let first = try store.add(autoscaler("one"))
        let (second, third) = (try store.add(pod("b")), try store.add(pod("c")))
        #expect(cores(second) == Quantity(1) && second.specBox === third.specBox)
        #expect(second.specBox.original === plain.specBox)
        #expect(second.status.qosClass == .burstable && plain.status.qosClass == .bestEffort)
        _ = try store.add(autoscaler("two"))
        let fourth = try store.add(pod("d"))
        #expect(cores(fourth) == Quantity(2) && fourth.specBox.original === plain.specBox)
        for name in ["one", "two"] {
            let key = ObjectKey(.verticalPodAutoscaler, namespace: "default", name: name)
            try store.apply(.delete(key, uid: nil, gracePeriodSeconds: nil, propagation: .background), now: at(1))
        }
        let last = try store.add(pod("e"))
        #expect(cores(last) == nil && first.metadata.name == "one")
        #expect(store.checkIndexes() == [])
    }

    @Test("the defaults of limit ranges come before it and their bounds after it")
    func limitRanges() throws {
        var store = store()
        _ = try store.add(autoscaler("one"))
        var item = LimitRange.Item(type: "Container")
        item.min = [.cpu: Quantity(2)]
        item.defaultRequest = [.cpu: Quantity(3)]
        var range = LimitRange(metadata: ObjectMeta(name: "r", namespace: "default"))
        range.items = [item]
        _ = try store.add(.limitRange(range))
        #expect(throws: ActionError.self) { try store.add(newPod("a")) }
        _ = try store.add(autoscaler("two"))
        let admitted = try store.add(newPod("b"))
        #expect(cores(admitted) == Quantity(2))
    }
}
