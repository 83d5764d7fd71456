import Chronology
import ControlPlane
import KubernetesAPI
import Scenarios
import Scheduler
import SchedulingFramework
import Testing

@Suite struct HTTPExtenderTransportTests {
    private static func settings(_ prefix: String, timeout: Chronology.Duration = .seconds(5)) -> ExtenderSettings {
        var settings = ExtenderSettings()
        settings.urlPrefix = prefix
        settings.filterVerb = "filter"
        settings.prioritizeVerb = "prioritize"
        settings.bindVerb = "bind"
        settings.weight = 1
        settings.nodeCacheCapable = true
        settings.httpTimeout = timeout
        return settings
    }

    private static func attempt(nodes: [String], _ settings: ExtenderSettings) throws -> SchedulingAttempt {
        var configuration = SchedulerConfiguration()
        configuration.extenders = [settings]
        var scheduler = PodScheduler(configuration: configuration, now: .start)
        scheduler.connectExtenders(over: HTTPExtenderTransport(), startDate: StartDate(unixSeconds: 1_700_000_000))
        for name in nodes {
            var node = Node(metadata: ObjectMeta(name: name))
            node.status.allocatable = [
                .cpu: Quantity(milli: 4000), .memory: Quantity(1 << 34), .pods: Quantity(110),
            ]
            scheduler.observe(.added(.node(node)), now: .start)
        }
        var metadata = ObjectMeta(name: "p", namespace: "default")
        metadata.uid = UID(high: 1, low: 1)
        let spec = PodSpec(containers: [Container(name: "main", image: "i")])
        scheduler.observe(.added(.pod(Pod(metadata: metadata, spec: spec))), now: .start)
        let attempt = scheduler.attempt(now: .start)
        return try #require(attempt)
    }

    @Test("a live process filters, scores and binds", arguments: ["", "/chunked"])
    func live(path: String) throws {
        let fixture = try ExtenderFixture()
        let settings = Self.settings("http://127.0.0.1:\(fixture.port)\(path)")
        let chosen = try Self.attempt(nodes: ["a", "b", "bad"], settings)
        #expect(chosen.outcome == .assumed(node: "b"))
        #expect(chosen.feasibleNodes == 2)
        let refused = try Self.attempt(nodes: ["bad-1", "bad-2"], settings)
        #expect(refused.message.hasPrefix("0/2 nodes are available: 2 not to my liking."))
        let locked = try Self.attempt(nodes: ["locked"], settings)
        #expect(locked.outcome == .error)
        #expect(locked.message == "the node is locked")
    }

    @Test("a process that is slow, gone, or knows no such verb fails the attempt with the reason")
    func failures() throws {
        let fixture = try ExtenderFixture()
        let prefix = "http://127.0.0.1:\(fixture.port)"
        let slow = try Self.attempt(nodes: ["a"], Self.settings(prefix + "/slow", timeout: .milliseconds(200)))
        #expect(slow.message.hasSuffix("context deadline exceeded"))
        var unknown = Self.settings(prefix)
        unknown.filterVerb = "fliter"
        let text = try Self.attempt(nodes: ["a"], unknown).message
        #expect(text == "failed fliter with extender at URL \(prefix)/fliter, code 404")
        // Port 1 of this machine has nobody listening.
        let gone = try Self.attempt(nodes: ["a"], Self.settings("http://127.0.0.1:1"))
        #expect(gone.outcome == .error)
        #expect(gone.message.hasSuffix("Connection refused"))
    }

    @Test(
        "what cannot be carried is said before the run",
        arguments: [
            ("http://host", nil), ("http://[::1]:8080/x", nil),
            ("https://host", "the extender https://host asks for TLS; only http is spoken"),
            (
                "host:80",
                "the extender's urlPrefix \"host:80\" is not of the form http://host[:port][/path]"
            ),
        ] as [(String, String?)])
    func objections(prefix: String, text: String?) {
        #expect(HTTPExtenderTransport.objection(to: Self.settings(prefix)) == text)
    }
}
