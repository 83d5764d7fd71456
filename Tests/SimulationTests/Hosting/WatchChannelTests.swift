import Chronology
import ControlPlane
import KubernetesAPI
import Testing

@testable import Simulation

@Suite("The way of changes to those who watch")
struct WatchChannelTests {
    private static func change(_ name: String) -> WatchEvent {
        .added(.service(Service(metadata: ObjectMeta(name: name, namespace: "default"))))
    }

    private static func names(_ changes: [WatchEvent]) -> [String] {
        changes.map { change in
            if case .added(let object) = change { object.metadata.name } else { "?" }
        }
    }

    @Test("none overtakes another, and all that are due come together")
    func order() {
        var channel = WatchChannel()
        channel.send(Self.change("a"), due: .start + .seconds(2))
        channel.send(Self.change("b"), due: .start + .seconds(1))
        channel.send(Self.change("c"), due: .start + .seconds(3))
        #expect(channel.count(dueAt: .start + .seconds(1)) == 0)
        #expect(channel.count(dueAt: .start + .seconds(2)) == 2)
        #expect(Self.names((0..<2).map { channel[$0].change }) == ["a", "b"])
        channel.drop(2)
        #expect(channel.due == .start + .seconds(3))
        channel.drop(1)
        #expect(channel.due == nil)
    }

    @Test("what some lose is still on its way to the others")
    func losses() {
        var channel = WatchChannel()
        for (name, audience) in [("gone", 0b11), ("both", 0b11), ("first", 0b01), ("second", 0b10)] {
            channel.send(Self.change(name), audience: WatchChannel.Audience(audience), due: .start)
        }
        channel.drop(1)
        #expect(channel.hasNews(for: 0b01))
        #expect(!channel.hasNews(for: 0b100))
        #expect(Self.names(channel.lose(0b01)) == ["both", "first"])
        #expect(!channel.hasNews(for: 0b01))
        #expect(channel.hasNews(for: 0b10))
        #expect(channel.count(dueAt: .start) == 3)
        #expect((0..<3).map { channel[$0].audience } == [0b10, 0, 0b10])
        #expect(channel.lose(0b01).isEmpty)
    }
}
