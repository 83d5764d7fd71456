import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler
import SchedulingFramework
import Testing

/// Answers calls as it is told, and keeps them.
final class CannedTransport: ExtenderTransport, @unchecked Sendable {
    typealias Answer = @Sendable (_ verb: String, _ body: ManifestTree) -> ExtenderResponse
    private(set) var calls: [(url: String, body: ManifestTree)] = []
    private let answer: Answer

    init(_ answer: @escaping Answer) { self.answer = answer }

    func post(_ body: ManifestTree, to url: String, settings: ExtenderSettings) -> ExtenderResponse {
        calls.append((url, body))
        return answer(String(url.split(separator: "/").last ?? ""), body)
    }
}

extension ManifestTree {
    static func names(_ names: [String]) -> ManifestTree { .sequence(names.map { .text($0) }) }

    /// What an extender that caches nodes answers to filter.
    static func kept(
        _ names: [String], failed: [(String, String)] = [], hopeless: [(String, String)] = []
    ) -> ManifestTree {
        .mapping([
            ("nodeNames", .names(names)), ("failedNodes", .mapping(failed.map { ($0, .text($1)) })),
            ("failedAndUnresolvableNodes", .mapping(hopeless.map { ($0, .text($1)) })),
        ])
    }
}

@Suite struct ExtenderTests {
    private static func settings(_ edit: (inout ExtenderSettings) -> Void) -> ExtenderSettings {
        var settings = ExtenderSettings()
        settings.urlPrefix = "http://x/scheduler/"
        settings.nodeCacheCapable = true
        edit(&settings)
        return settings
    }

    private static func cluster(
        _ extenders: [ExtenderSettings], _ transport: CannedTransport, nodes: [String] = ["a", "b", "c"]
    ) -> Subject {
        var configuration = SchedulerConfiguration()
        configuration.extenders = extenders
        let scheduler = Subject(configuration)
        scheduler.connectExtenders(transport)
        for node in nodes { scheduler.observe(.added(.node(Make.node(node)))) }
        return scheduler
    }

    // MARK: - Filter

    @Test("an extender sees the nodes that the filters left, by name when it caches them")
    func filterByName() throws {
        let transport = CannedTransport { _, _ in .answered(status: 200, body: .kept(["c"])) }
        let scheduler = Self.cluster([Self.settings { $0.filterVerb = "filter" }], transport)
        scheduler.observe(.added(.pod(Make.pod("big", uid: 9, cpu: "4").bound(to: "a"))))
        scheduler.observe(.added(.pod(Make.pod("p", uid: 1))))
        #expect(scheduler.attempt()?.node == "c")
        let call = try #require(transport.calls.first)
        #expect(call.url == "http://x/scheduler/filter")
        #expect(call.body["NodeNames"] == .names(["b", "c"]))
        #expect(call.body["Nodes"]?.isNull == true)
        #expect(call.body["Pod"]?["metadata"]?["name"]?.string == "p")
        #expect(call.body["Pod"]?["kind"] == nil)
    }

    @Test("without a cache it sees whole nodes, and hands whole nodes back")
    func filterByObject() throws {
        let transport = CannedTransport { _, body in
            let items = body["Nodes"]?["items"]?.elements ?? []
            return .answered(status: 200, body: .mapping([("Nodes", .mapping([("items", .sequence([items[1]]))]))]))
        }
        let settings = Self.settings {
            $0.filterVerb = "filter"
            $0.nodeCacheCapable = false
        }
        let scheduler = Self.cluster([settings], transport)
        scheduler.observe(.added(.pod(Make.pod("p", uid: 1))))
        #expect(scheduler.attempt()?.node == "b")
        #expect(transport.calls.first?.body["NodeNames"]?.isNull == true)
    }

    @Test("what extenders say of nodes goes into the message; what they drop without a word does not")
    func messages() throws {
        let transport = CannedTransport { _, _ in
            .answered(
                status: 200, body: .kept([], failed: [("a", "too hot"), ("b", "no")], hopeless: [("b", "never")]))
        }
        let scheduler = Self.cluster([Self.settings { $0.filterVerb = "filter" }], transport)
        scheduler.observe(.added(.pod(Make.pod("p", uid: 1))))
        let attempt = try #require(scheduler.attempt())
        #expect(attempt.message.hasPrefix("0/3 nodes are available: 1 never, 1 too hot."))
        #expect(attempt.rejections.map(\.code) == [.unresolvable, .unschedulable])
        // An extender cannot say what it waits for: any change will do.
        #expect(scheduler.counts.unschedulable == 1)
        scheduler.observe(.added(.pod(Make.pod("other", uid: 5).bound(to: "a"))), now: .at(1))
        #expect(scheduler.counts.unschedulable == 0)
    }

    @Test("those that may fail are asked last, and their failure is passed over")
    func ignorable() throws {
        let transport = CannedTransport { verb, _ in
            verb == "shaky" ? .failed("connection refused") : .answered(status: 200, body: .kept(["b"]))
        }
        let shaky = Self.settings {
            $0.filterVerb = "shaky"
            $0.ignorable = true
        }
        let scheduler = Self.cluster([shaky, Self.settings { $0.filterVerb = "firm" }], transport)
        scheduler.observe(.added(.pod(Make.pod("p", uid: 1))))
        #expect(scheduler.attempt()?.node == "b")
        #expect(transport.calls.map(\.url) == ["http://x/scheduler/firm", "http://x/scheduler/shaky"])
    }

    @Test(
        "a failure that may not be passed over fails the attempt",
        arguments: [
            (ExtenderResponse.failed("connection refused"), "connection refused"),
            (
                .answered(status: 500, body: nil),
                "failed filter with extender at URL http://x/scheduler/filter, code 500"
            ),
            (.answered(status: 200, body: .mapping([("error", .text("out of order"))])), "out of order"),
            (
                .answered(status: 200, body: .kept(["z"])),
                "extender \"http://x/scheduler/\" claims a filtered node \"z\" which is not found in the input node list"
            ),
        ])
    func failure(response: ExtenderResponse, message: String) throws {
        let transport = CannedTransport { _, _ in response }
        let scheduler = Self.cluster([Self.settings { $0.filterVerb = "filter" }], transport)
        scheduler.observe(.added(.pod(Make.pod("p", uid: 1))))
        let attempt = try #require(scheduler.attempt())
        #expect(attempt.outcome == .error)
        #expect(attempt.message == message)
        #expect(scheduler.counts.backoff == 1)
    }

    @Test("an extender that manages resources is asked about pods with one of them only, and takes it off the filter")
    func managedResources() throws {
        let transport = CannedTransport { _, _ in .answered(status: 200, body: .kept(["c"])) }
        let settings = Self.settings {
            $0.filterVerb = "filter"
            $0.managedResources = [.init(name: "example.com/chip", ignoredByScheduler: true)]
        }
        let scheduler = Self.cluster([settings], transport)
        scheduler.observe(.added(.pod(Make.pod("plain", uid: 1))))
        #expect(scheduler.attempt()?.node == "a")
        #expect(transport.calls.isEmpty)
        let chip = Make.pod("chip", uid: 2) {
            $0.containers[0].requests[ResourceName("example.com/chip")] = Quantity(1)
        }
        scheduler.observe(.added(.pod(chip)))
        #expect(scheduler.attempt()?.node == "c")
    }

    // MARK: - Prioritize

    @Test("scores of 0 to 10 count ten times the weight, beside those of the plugins; a failure has no say")
    func prioritize() throws {
        let list = ManifestTree.sequence([
            .mapping([("host", .text("c")), ("score", .number(7))]),
            .mapping([("host", .text("elsewhere")), ("score", .number(10))]),
        ])
        let transport = CannedTransport { verb, _ in
            verb == "broken" ? .failed("too late") : .answered(status: 200, body: list)
        }
        func score(_ extenders: [ExtenderSettings]) throws -> (String?, Int64) {
            let scheduler = Self.cluster(extenders, transport)
            scheduler.observe(.added(.pod(Make.pod("p", uid: 1))))
            let attempt = try #require(scheduler.attempt())
            return (attempt.node, attempt.score)
        }
        let plain = try score([])
        let rated = try score([
            Self.settings {
                $0.prioritizeVerb = "broken"
                $0.weight = 100
            },
            Self.settings {
                $0.prioritizeVerb = "prioritize"
                $0.weight = 3
            },
        ])
        #expect(plain.0 == "a")
        #expect(rated.0 == "c")
        #expect(rated.1 == plain.1 + 7 * 3 * 10)
    }

    // MARK: - Bind

    @Test("an extender that binds goes before the plugins that do", arguments: [nil, "taken"])
    func bind(error: String?) throws {
        let transport = CannedTransport { _, _ in
            .answered(status: 200, body: .mapping([("Error", error.map { .text($0) })]))
        }
        let scheduler = Self.cluster([Self.settings { $0.bindVerb = "bind" }], transport)
        let pod = Make.pod("p", uid: 1)
        scheduler.observe(.added(.pod(pod)))
        let attempt = try #require(scheduler.attempt())
        let expected: ManifestTree = .mapping([
            ("PodName", .text("p")), ("PodNamespace", .text("default")),
            ("PodUID", .text(pod.metadata.uid.description)), ("Node", .text("a")),
        ])
        #expect(transport.calls.map(\.body) == [expected])
        #expect(attempt.outcome == (error == nil ? .assumed(node: "a") : .error))
        #expect(attempt.message == error ?? "")
    }

    // MARK: - Preempt

    private static let victims = ["a", "b"].enumerated().map { index, node in
        Make.pod("v" + node, uid: UInt64(10 + index), cpu: "4", priority: 1).bound(to: node)
    }

    private static func preempt(
        _ transport: CannedTransport, _ edit: (inout ExtenderSettings) -> Void = { _ in }
    ) throws -> SchedulingAttempt {
        let settings = Self.settings {
            $0.preemptVerb = "preempt"
            edit(&$0)
        }
        let scheduler = cluster([settings], transport, nodes: ["a", "b"])
        for victim in victims { scheduler.observe(.added(.pod(victim))) }
        scheduler.observe(.added(.pod(Make.pod("p", uid: 1, cpu: "4", priority: 9))))
        return try #require(scheduler.attempt())
    }

    private static func only(_ node: String, _ uids: [UID]) -> ExtenderResponse {
        let pods = uids.map { ManifestTree.mapping([("UID", .text($0.description))]) }
        let victims = ManifestTree.mapping([("Pods", .sequence(pods)), ("NumPDBViolations", .number(0))])
        return .answered(
            status: 200, body: .mapping([("NodeNameToMetaVictims", .mapping([(node, victims)]))]))
    }

    @Test("an extender may take nodes off the list of those that could be made room on")
    func preemption() throws {
        let transport = CannedTransport { _, _ in Self.only("b", [Self.victims[1].metadata.uid]) }
        let attempt = try Self.preempt(transport)
        #expect(attempt.outcome == .unschedulable(nominated: "b", victims: [Self.victims[1].key]))
        let body = try #require(transport.calls.first?.body)
        #expect(body["NodeNameToVictims"]?.isNull == true)
        #expect(
            body["NodeNameToMetaVictims"]?["a"]?["Pods"]
                == .sequence([.mapping([("UID", .text(Self.victims[0].metadata.uid.description))])]))
    }

    @Test("a node without victims is a mistake, which an extender that may fail is forgiven")
    func preemptionMistake() throws {
        let transport = CannedTransport { _, _ in Self.only("b", []) }
        let firm = try Self.preempt(transport)
        #expect(firm.message.hasSuffix("preemption: expected at least one victim pod on node \"b\""))
        let forgiven = try Self.preempt(transport) { $0.ignorable = true }
        #expect(forgiven.message.hasSuffix("preemption: no candidate node for preemption"))
        #expect(forgiven.outcome == .unschedulable(nominated: nil, victims: []))
    }
}
