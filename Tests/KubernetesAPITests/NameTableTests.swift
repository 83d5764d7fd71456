import Chronology
import Testing

@testable import KubernetesAPI

@Suite("Names and tables by name")
struct NameTableTests {
    static let names = ["", "a", "b", "ab", "abcdefg", "abcdefgh", "abcdefghi", "web-7c9d5b-x2kq9", "web-7c9d5b-x2kq8", "ä", "äö"]

    @Test("A table finds what was put under a name, and nothing else", arguments: names)
    func lookup(name: String) {
        var table = NameTable<Int>()
        for (place, other) in Self.names.enumerated() { table[other] = place }
        #expect(table.count == Self.names.count)
        #expect(table[name] == Self.names.firstIndex(of: name))
        #expect(table.removeValue(forKey: name) != nil)
        #expect(table[name] == nil && table.count == Self.names.count - 1)
        #expect(Self.names.allSatisfy { $0 == name || table[$0] != nil })
    }

    @Test("Equal names hash alike however they were made, and others apart")
    func hashes() {
        func hash(_ parts: String...) -> UInt64 {
            var hash = TextHash(7)
            for part in parts { hash.add(part) }
            return hash.value
        }
        let made = String(decoding: Array("web-7c9d5b-x2kq9".utf8), as: UTF8.self)
        #expect(hash(made) == hash("web-7c9d5b-" + "x2kq9"))
        #expect(Set(Self.names.map { hash($0) }).count == Self.names.count)
        #expect(hash("ab", "c") != hash("a", "bc") && hash("", "a") != hash("a", ""))
    }

    /// Tables find a place by the lowest bits: names in a row must not crowd into a few of them.
    @Test(
        "Numbered names spread over the lowest bits as if drawn",
        arguments: ["node-", "ip-10-0-", "m6i-xlarge-us-east-1a-", "web-7c9d5b6f4-"])
    func lowestBits(prefix: String) {
        let places = Set(
            (0..<1000).map { number in
                var hash = TextHash(0)
                hash.add("\(prefix)\(number)")
                return hash.value & 1023
            })
        // 1,024 places for 1,000 balls leave 637 taken on average, with a deviation of 10.
        #expect(places.count > 580)
    }

    @Test("Keys of objects are equal by all their parts, and the same key hashes the same")
    func objectKeys() {
        let key = ObjectKey(.pod, namespace: "d", name: "p")
        let others = [
            ObjectKey(.job, namespace: "d", name: "p"), ObjectKey(.pod, namespace: "e", name: "p"),
            ObjectKey(.pod, namespace: "d", name: "q"),
        ]
        #expect(others.allSatisfy { $0 != key } && key == ObjectKey(.pod, namespace: "d", name: "p"))
        #expect(Set(others + [key, key]).count == 4)
    }

    @Test("A changed copy of a status leaves the other as it was")
    func statusIsAValue() {
        var first = PodStatus()
        first.phase = .running
        first.conditions = [Condition(Condition.ready, .true, at: .start)]
        var second = first
        #expect(second == first && second.isIdentical(to: first))
        second.conditions[0].set(.false, Condition.Words(.ready, reason: "ContainersNotReady"), at: .start)
        second.reason = "Evicted"
        #expect(first.conditions.isTrue(Condition.ready) && first.reason.isEmpty && first != second)
        #expect(PodStatus() == PodStatus() && PodStatus().phase == .pending)
    }
}
