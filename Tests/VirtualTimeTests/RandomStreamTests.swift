import CGSL
import Testing
import VirtualTime

struct Philox4x32Tests {
    @Test("The published known answers of Random123 come out")
    func knownAnswers() {
        let zero = Philox4x32.block(counter: SIMD4(repeating: 0), key: SIMD2(repeating: 0))
        #expect(zero == SIMD4(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
        let ones = Philox4x32.block(counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max))
        #expect(ones == SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
        let pi = Philox4x32.block(
            counter: SIMD4(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344), key: SIMD2(0xA409_3822, 0x299F_31D0))
        #expect(pi == SIMD4(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1))
    }
}

struct RandomStreamTests {
    private func words(_ stream: RandomStream, _ count: Int = 16) -> [UInt32] {
        var stream = stream
        return (0..<count).map { _ in stream.nextUInt32() }
    }

    @Test("The draws of a stream never change from version to version")
    func fixedValues() {
        let stream = RandomStreams(seed: 42).stream("kubelet.imagePull", index: 3)
        let expected: [UInt32] = [
            528_150_118, 4_082_269_041, 2_797_608_573, 4_093_625_278, 3_103_732_472, 2_151_155_539,
        ]
        #expect(words(stream, 6) == expected)
    }

    @Test("Deriving or using other streams changes nothing for a stream")
    func independence() {
        let streams = RandomStreams(seed: 7)
        let alone = words(streams.stream("node.boot", index: 5))
        var other = streams.stream("node.reboot")
        _ = other.nextUInt64()
        var stream = streams.stream("node.boot", index: 5)
        var mixed: [UInt32] = []
        for _ in 0..<16 {
            _ = other.nextUInt32()
            mixed.append(stream.nextUInt32())
        }
        #expect(mixed == alone)
        #expect(words(RandomStream(seed: 7, name: "node.boot", index: 5)) == alone)
        #expect(words(streams.stream("node.boot").sibling(5)) == alone)
    }

    @Test("Seed, name, purpose and index each make another stream")
    func differences() {
        let streams = RandomStreams(seed: 7)
        let all = [
            streams.stream("a"), streams.stream("b"), streams.stream("ab"), streams.stream("a", purpose: "b"),
            streams.stream("", purpose: "ab"), streams.stream("a", index: 1), streams.stream("a", index: 1 << 32),
            RandomStreams(seed: 8).stream("a"), RandomStreams(seed: Seed(7).replication(0)).stream("a"),
            RandomStreams(seed: Seed(7).replication(1)).stream("a"),
        ]
        #expect(Set(all.map { words($0, 4) }).count == all.count)
    }

    @Test("A stream goes on over block ends, counts its draws, and may be copied to look ahead")
    func position() {
        var stream = RandomStream(seed: 1, name: "x")
        let all = words(stream, 16)
        #expect(Set(all).count == 16)
        _ = stream.nextUInt64()
        _ = stream.nextUInt32()
        #expect(stream.draws == 3)
        let ahead = stream
        #expect(words(stream, 13) == Array(all[3...]))
        #expect(ahead == stream)
        #expect(stream.nextUInt64() == UInt64(all[4]) << 32 | UInt64(all[3]))
        #expect(ahead != stream)
    }

    @Test("Uniform numbers lie in their interval and have the right mean and variance")
    func uniform() {
        var stream = RandomStream(seed: 1, name: "uniform")
        for isOpen in [false, true] {
            var (sum, squares) = (0.0, 0.0)
            for _ in 0..<100_000 {
                let value = isOpen ? stream.uniformOpen() : stream.uniform()
                #expect(value < 1 && (isOpen ? value > 0 : value >= 0))
                sum += value
                squares += value * value
            }
            #expect(abs(sum / 100_000 - 0.5) < 0.004)
            #expect(abs(squares / 100_000 - 1.0 / 3) < 0.004)
        }
    }

    @Test("Whole numbers below a bound are equally likely", arguments: [1, 2, 3, 7, 10])
    func integers(bound: Int) {
        var stream = RandomStream(seed: 3, name: "integers")
        var counts = Array(repeating: 0, count: bound)
        for _ in 0..<70_000 { counts[stream.integer(below: bound)] += 1 }
        let expected = 70_000.0 / Double(bound)
        #expect(counts.allSatisfy { abs(Double($0) - expected) < 4.5 * expected.squareRoot() })
    }

    /// Three quarters of 2^64 would show a third of the numbers twice as often without the second draw.
    @Test("A bound close to the range is not biased")
    func largeBound() {
        var stream = RandomStream(seed: 3, name: "integers")
        let bound = Int.max / 4 * 3
        let below = (0..<30_000).filter { _ in stream.integer(below: bound) < bound / 3 }.count
        #expect(abs(Double(below) - 10_000) < 400)
    }

    @Test("A chance of 0 or 1 is certain, and one of a quarter is a quarter")
    func chance() {
        var stream = RandomStream(seed: 3, name: "chance")
        #expect((0..<1_000).allSatisfy { _ in !stream.chance(0) && stream.chance(1) })
        let hits = (0..<40_000).filter { _ in stream.chance(0.25) }.count
        #expect(abs(hits - 10_000) < 400)
    }
}

struct GSLStreamTests {
    @Test("What GSL draws is what the plain stream draws, in any mixture, and is counted")
    func twin() {
        var plain = RandomStream(seed: 11, name: "gsl")
        var lent = plain
        for round in 0..<50 {
            let fromGSL = lent.withGSL { rng in
                (gsl_rng_get(rng), gsl_rng_uniform(rng), round % 3 == 0 ? gsl_rng_get(rng) : 0)
            }
            #expect(fromGSL.0 == UInt(plain.nextUInt32()))
            #expect(fromGSL.1 == plain.uniform())
            if round % 3 == 0 { #expect(fromGSL.2 == UInt(plain.nextUInt32())) }
            #expect(lent == plain)
            #expect(lent.nextUInt64() == plain.nextUInt64())
        }
    }

    @Test("GSL knows the generator's range and cannot reseed it")
    func properties() {
        var stream = RandomStream(seed: 11, name: "gsl")
        let fresh = stream
        stream.withGSL { rng in
            #expect(gsl_rng_min(rng) == 0)
            #expect(gsl_rng_max(rng) == 0xFFFF_FFFF)
            #expect(String(cString: gsl_rng_name(rng)) == "philox4x32")
            gsl_rng_set(rng, 99)
        }
        #expect(stream == fresh)
    }

    @Test("A family gives the streams that their full names give", arguments: ["", "a", "start", "container.startDelay"])
    func families(purpose: String) {
        let family = RandomStreamFamily(seed: 11, name: "ns/pod/main")
        for index: UInt64 in [0, 1, 9] {
            var one = family.stream(purpose, index: index)
            var other = RandomStream(seed: 11, name: "ns/pod/main", purpose: purpose, index: index)
            #expect((0..<5).allSatisfy { _ in one.nextUInt64() == other.nextUInt64() })
        }
    }
}
