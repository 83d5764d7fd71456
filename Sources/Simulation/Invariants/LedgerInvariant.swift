import Costs

/// The ledger balances to the nano-dollar.
enum LedgerInvariant: Invariant {
    static let name = "ledger"

    static func problem(in world: borrowing World) -> String? {
        let balance = world.accounts.ledger.trialBalance
        return balance == .zero ? nil : "the accounts sum to \(balance.exact)"
    }
}
