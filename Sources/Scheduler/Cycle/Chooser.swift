/// Picks among equals as the configuration says.
struct Chooser {
    var tieBreak: SchedulerConfiguration.TieBreak
    var draw: UInt64

    func pick(_ ties: [Int32]) -> Int32 {
        switch tieBreak {
        case .upstream136: TieBreaker.upstream136(ties)
        case .seeded: TieBreaker.seeded(ties, draw: draw)
        case .first: ties.first ?? 0
        }
    }
}
