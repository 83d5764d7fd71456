import Chronology
import ControlPlane
import Controllers
import FakeCluster
import KubernetesAPI
import Testing

@Suite("The pods behind a service")
struct EndpointsTests {
    static func service(body: (inout Service) -> Void = { _ in }) -> Service {
        var service = Service(metadata: ObjectMeta(name: "web", namespace: "d"))
        service.metadata.uid = UID(text: "web")
        service.selector = ["app": "web"]
        service.ports = [Service.Port(port: 80, target: .number(8080))]
        body(&service)
        return service
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var pod: Pod
        var publishes = false
        /// In Endpoints: "ready", "notReady" or "".
        var place: String
        /// In a slice: r(eady), s(erving), t(erminating); nil when it is in none.
        var marks: String?
    }

    private static func pod(
        phase: PodPhase = .running, ready: Bool = true, node: String? = "n1", body: (inout Pod) -> Void = { _ in }
    ) -> Pod {
        var pod = Fixtures.pod("p", node: node, phase: phase, ready: ready)
        body(&pod)
        return pod
    }

    private static func leaving(_ pod: inout Pod) { pod.metadata.deletionTimestamp = .start }

    private static func waiting(_ reason: String) -> Pod {
        pod(phase: .pending, ready: false) {
            $0.status.conditions.append(Condition(Condition.podReadyToStartContainers, .true, at: .start))
            $0.status.containerStatuses = [ContainerStatus(name: "c", state: .waiting(reason: reason))]
        }
    }

    static let rows: [Row] = [
        Row(testDescription: "ready", pod: pod(), place: "ready", marks: "rs"),
        Row(testDescription: "not ready", pod: pod(ready: false), place: "notReady", marks: ""),
        Row(testDescription: "published all the same", pod: pod(ready: false), publishes: true, place: "ready", marks: "r"),
        Row(testDescription: "without a node", pod: pod(phase: .pending, node: nil), place: ""),
        Row(testDescription: "without a sandbox", pod: pod(phase: .pending, ready: false), place: ""),
        Row(
            testDescription: "in its init containers",
            pod: pod(phase: .pending, ready: false) {
                $0.status.conditions.append(Condition(Condition.podReadyToStartContainers, .true, at: .start))
            }, place: "notReady", marks: ""),
        Row(testDescription: "while its image comes", pod: waiting("ContainerCreating"), place: ""),
        Row(testDescription: "without an image", pod: waiting("ErrImagePull"), place: "notReady", marks: ""),
        Row(testDescription: "ended", pod: pod(phase: .succeeded, ready: false), place: ""),
        Row(testDescription: "leaving and still serving", pod: pod(body: leaving), place: "", marks: "st"),
        Row(testDescription: "leaving, not serving", pod: pod(ready: false, body: leaving), place: "", marks: "t"),
        Row(
            testDescription: "leaving, published all the same", pod: pod(body: leaving), publishes: true,
            place: "ready", marks: "rst"),
        Row(testDescription: "of other labels", pod: pod { $0.metadata.labels = ["app": "db"] }, place: ""),
    ]

    @Test("and how each of them stands", arguments: rows)
    func standing(_ row: Row) throws {
        var host = FakeHost([EndpointsReconciler(), EndpointSliceReconciler()])
        host.view.add(.service(Self.service { $0.publishesNotReady = row.publishes }))
        host.view.add(.pod(row.pod))
        host.settle()
        let endpoints = try #require(Self.endpoints(host))
        #expect(endpoints.ready == (row.place == "ready" ? ["p"] : []))
        #expect(endpoints.notReady == (row.place == "notReady" ? ["p"] : []))
        let slices = Self.slices(host)
        #expect(slices.count == 1)
        let marks = slices[0].endpoints.map {
            ($0.isReady ? "r" : "") + ($0.isServing ? "s" : "") + ($0.isTerminating ? "t" : "")
        }
        #expect(marks == row.marks.map { [$0] } ?? [])
        #expect(slices[0].ports.map(\.port) == (row.marks == nil ? [] : [8080]))
        #expect(host.leftovers().isEmpty)
    }

    private static func endpoints(_ host: FakeHost) -> Endpoints? {
        guard case .endpoints(let found)? = host.view.object(Fixtures.key(.endpoints, "web")) else { return nil }
        return found
    }

    private static func slices(_ host: FakeHost) -> [EndpointSlice] {
        host.view.objects(of: .endpointSlice, namespace: "d").compactMap { object in
            if case .endpointSlice(let slice) = object { slice } else { nil }
        }
    }

    @Test("follow their readiness, and go with the service")
    func changes() {
        var host = FakeHost([EndpointsReconciler(), EndpointSliceReconciler(), GarbageCollectorReconciler()])
        let service = host.view.add(.service(Self.service()))
        host.view.add(.pod(Self.pod()))
        host.settle()
        host.view.changePod(Fixtures.key(.pod, "p")) { $0.status.conditions = [Condition("Ready", .false, at: .start)] }
        host.settle()
        #expect(Self.endpoints(host)?.notReady == ["p"])
        #expect(Self.slices(host)[0].endpoints.map(\.isReady) == [false])
        host.view.changePod(Fixtures.key(.pod, "p")) { $0.metadata.labels = [:] }
        host.settle()
        #expect(Self.endpoints(host)?.notReady == [])
        #expect(Self.slices(host).flatMap(\.endpoints).isEmpty)
        _ = host.view.delete(service.key)
        host.settle()
        #expect(Self.endpoints(host) == nil && Self.slices(host).isEmpty)
    }

    @Test(
        "a service keeps none when it has no selector, or is a name only",
        arguments: [
            service { $0.selector = StringMap() }, service { $0.type = "ExternalName" },
        ])
    func none(_ service: Service) {
        var host = FakeHost([EndpointsReconciler(), EndpointSliceReconciler()])
        host.view.add(.service(service))
        host.view.add(.pod(Self.pod()))
        host.settle()
        #expect(host.actions.isEmpty)
    }

    @Test("a port by name is that of the container, and pods without it stand apart")
    func named() {
        func pod(_ name: String, _ port: Int32?) -> Pod {
            var pod = Fixtures.pod(name, node: "n1")
            var container = Container(name: "c", image: "i")
            if let port {
                container.ports = [ContainerPort(containerPort: port)]
                container.ports[0].name = "http"
            }
            pod.spec.containers = [container]
            return pod
        }
        let service = Self.service { $0.ports = [Service.Port(port: 80, target: .name("http"))] }
        let plan = EndpointSlicePlan(
            service, pods: [pod("a", 8080), pod("b", 9090), pod("c", nil), pod("d", 8080)], present: [], zone: { _ in nil })
        let slices = plan.actions.compactMap { action -> EndpointSlice? in
            if case .create(.endpointSlice(let slice)) = action { slice } else { nil }
        }
        #expect(slices.map { $0.ports.map(\.port) } == [[8080], [9090]])
        #expect(slices.map { $0.endpoints.map(\.pod) } == [["a", "d"], ["b"]])
    }

    @Test("slices hold a hundred each, and few of them change")
    func slicing() {
        var host = FakeHost([EndpointSliceReconciler()])
        host.view.add(.service(Self.service()))
        for number in 0..<250 { host.view.add(.pod(Fixtures.pod("p\(number)", node: "n1"))) }
        host.settle()
        #expect(Self.slices(host).map(\.endpoints.count) == [100, 100, 50])
        let before = host.actions.count
        // The gap in the first slice is filled again; the others stay as they are.
        host.view.remove(Fixtures.key(.pod, "p7"))
        host.view.add(.pod(Fixtures.pod("new", node: "n1")))
        host.settle()
        #expect(host.actions.count == before + 1)
        #expect(Self.slices(host).map(\.endpoints.count) == [100, 100, 50])
        #expect(Self.slices(host)[0].endpoints.last?.pod == "new")
        #expect(host.leftovers().isEmpty)
    }

    @Test("Endpoints hold a thousand and say when there are more")
    func truncation() {
        let pods = (0..<1100).map { Fixtures.pod("p\($0)", node: "n1", ready: $0 % 2 == 0) }
        let all = EndpointsReconciler.endpoints(of: Self.service(), pods: pods, present: nil)
        #expect(all.ready.count == 550 && all.notReady.count == 450)
        #expect(all.metadata.annotations["endpoints.kubernetes.io/over-capacity"] == "truncated")
        let fewer = EndpointsReconciler.endpoints(of: Self.service(), pods: Array(pods.prefix(10)), present: all)
        #expect(fewer.ready.count == 5)
        #expect(fewer.metadata.annotations["endpoints.kubernetes.io/over-capacity"] == nil)
    }

    @Test("nobody is asked about pods before there is a service")
    func asleep() {
        let audience = ChangeAudience([EndpointsReconciler.interest, EndpointSliceReconciler.interest])
        let pod = WatchEvent.added(.pod(Fixtures.pod("p", node: "n1")))
        #expect(audience.bits(for: pod, present: 0) == 0)
        #expect(audience.bits(for: pod, present: 1 << UInt64(ObjectKind.service.rawValue)) == 0b11)
    }

    @Test("are looked at again when the watch brings what was written from an older view")
    func ownChanges() {
        let view = FakeView()
        let key = Fixtures.key(.service, "web")
        var endpoints = Endpoints(metadata: ObjectMeta(name: "web", namespace: "d"))
        let old = endpoints
        endpoints.ready = ["p"]
        #expect(
            EndpointsReconciler().keys(for: .modified(old: .endpoints(old), new: .endpoints(endpoints)), in: view)
                == [key])
    }
}
