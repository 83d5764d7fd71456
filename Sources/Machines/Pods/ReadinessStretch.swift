import Chronology

/// When a running container answers its readiness probe: the present or next good stretch, and the bad one after it.
struct ReadinessStretch: Sendable {
    private(set) var goodFrom: Instant
    /// `.never` when no bad stretch follows.
    private(set) var badFrom = Instant.never
    /// `.never` for a bad stretch without an end.
    private(set) var badTo = Instant.never
    private var number: Int32 = 0
    /// Whether nothing answers in the bad stretch, so that a probe waits for its timeout.
    private(set) var isHang = false

    /// The first stretches of a run whose probes would succeed from `good` on, until it hangs.
    init(from good: Instant, of container: ContainerRecord) {
        goodFrom = good
        findBad(container)
    }

    /// Goes on to the good stretch after the bad one.
    mutating func advance(_ container: ContainerRecord) {
        goodFrom = badTo
        number &+= 1
        findBad(container)
    }

    private mutating func findBad(_ container: ContainerRecord) {
        badFrom = .never
        badTo = .never
        isHang = false
        guard goodFrom != .never, let extras = container.run.extras else { return }
        if let spell = extras.unready?.spell(number) {
            badFrom = goodFrom + spell.after
            if let lasts = spell.lasts { badTo = badFrom + lasts }
        }
        let hang = container.hang
        if hang <= badTo, hang != .never {
            badTo = .never
            isHang = hang <= badFrom
            badFrom = min(badFrom, max(hang, goodFrom))
        }
    }
}
