/// Which attempts of the scheduler are kept in full, with every node's verdict and scores.
///
/// What is kept changes no decision; an attempt that is captured asks every plugin anew, and takes longer on the host.
package enum DecisionDetail: Hashable, Sendable {
    case none
    /// Attempts that found no node.
    case failed
    case all
    /// This share of all attempts, in parts per million.
    case share(partsPerMillion: Int64)

    /// Whether the attempt with this number in the run, from 0, is captured.
    func captures(_ number: Int64) -> Bool {
        switch self {
        case .none: false
        case .failed, .all: true
        case .share(let partsPerMillion): Int64(Self.mixed(UInt64(number)) % 1_000_000) < partsPerMillion
        }
    }

    /// Spreads numbers evenly without a draw, so that keeping more shifts nobody's chance (SplitMix64).
    private static func mixed(_ number: UInt64) -> UInt64 {
        var mixed = number &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
