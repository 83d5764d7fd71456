/// A small seeded generator, so that random tests are the same on every run.
struct LCG {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func below(_ limit: UInt64) -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state ^ (state >> 29)).multipliedFullWidth(by: limit).high
    }

    mutating func below(_ limit: Int) -> Int { Int(below(UInt64(limit))) }
}
