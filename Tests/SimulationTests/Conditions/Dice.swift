import Chronology

/// A plain generator, so that a failing seed can be tried again.
struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 ^ 0xD1B5_4A32_D192_ED03 }

    /// A number from 0 to `sides` - 1.
    mutating func roll(_ sides: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(sides))
    }

    /// Whether one chance in `sides` came true.
    mutating func hits(oneIn sides: Int) -> Bool { roll(sides) == 0 }

    mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[roll(elements.count)]
    }

    /// A length of time: some are shorter than a request, some longer than a rollout's step.
    mutating func pause() -> Duration {
        switch roll(4) {
        case 0: .milliseconds(Int64(roll(10)))
        case 1: .milliseconds(Int64(roll(1_000)))
        case 2: .milliseconds(Int64(roll(8_000)))
        default: .milliseconds(Int64(roll(30_000)))
        }
    }
}
