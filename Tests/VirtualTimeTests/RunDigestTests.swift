import Testing
import VirtualTime

struct RunDigestTests {
    private func digest(_ words: [UInt64]) -> RunDigest {
        var digest = RunDigest()
        for word in words { digest.absorb(word) }
        return digest
    }

    @Test("The digest of known words never changes")
    func fixedValues() {
        #expect(RunDigest().description == "dfa57d00d0f492f5f8a7c727113685f9")
        #expect(digest([0]).description == "0ad00bc881bc1cde06ff7b32b6a824b1")
        #expect(digest([1, 2, 3]).description == "c5d5b30a53cf4997884a3b0bcff2d189")
        var mixed = RunDigest()
        mixed.absorb("kube-scheduler: größer")
        mixed.absorb(Int64(-1))
        #expect(mixed.description == "8a94cdd6ad15ecae28852a4a5f8be146")
        #expect(mixed.count == 5)
    }

    @Test("A signed word is its bit pattern, and a text is its UTF-8 bytes after their number")
    func encodings() {
        var signed = RunDigest()
        signed.absorb(Int64(-2))
        #expect(signed == digest([UInt64.max - 1]))
        var text = RunDigest()
        text.absorb("abcdefghi")
        #expect(text == digest([9, 0x6867_6665_6463_6261, 0x69]))
        var empty = RunDigest()
        empty.absorb("")
        #expect(empty == digest([0]))
    }

    @Test("Order, number, and every single bit count")
    func sensitivity() {
        var seen: Set<String> = [digest([]).description, digest([0, 0]).description]
        #expect(seen.insert(digest([1, 2]).description).inserted)
        #expect(seen.insert(digest([2, 1]).description).inserted)
        for bit in 0..<64 {
            for position in 0..<3 {
                var words: [UInt64] = [0, 0, 0]
                words[position] = 1 << UInt64(bit)
                #expect(seen.insert(digest(words).description).inserted)
            }
        }
    }

    @Test("A flipped bit turns over about half of the digest")
    func avalanche() {
        for bit in 0..<64 {
            let (one, two) = (digest([7, 0]).words, digest([7, 1 << UInt64(bit)]).words)
            let flips = (one.high ^ two.high).nonzeroBitCount + (one.low ^ two.low).nonzeroBitCount
            #expect((38...90).contains(flips))
        }
    }

    @Test("Halves of a text do not run into each other")
    func boundaries() {
        var first = RunDigest()
        first.absorb("ab")
        first.absorb("c")
        var second = RunDigest()
        second.absorb("a")
        second.absorb("bc")
        #expect(first != second)
    }
}
