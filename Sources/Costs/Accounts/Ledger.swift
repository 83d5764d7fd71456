package import Chronology

/// One movement of money between two accounts.
package struct LedgerEntry: Hashable, Sendable {
    /// The place in the order of posting, from 0.
    package let sequence: Int64
    package let at: Instant
    /// The account that receives.
    package let debit: Account
    /// The account that gives.
    package let credit: Account
    /// Always positive.
    package let amount: NanoDollars
}

/// A double-entry ledger whose accounts always sum to zero.
///
/// A machine's bill is posted as debit `asset:node/x`, credit `provider`; its allocation as debit `allocation:…`,
/// `idle` and `overhead`, credit `asset:node/x`, whose balance is zero again when all of it has been passed on. The
/// ledger keeps totals only: entries wait until the caller drains them, so memory is bounded by the number of accounts.
package struct Ledger: Sendable {
    /// The names of the accounts, by id.
    package private(set) var names: [String] = []
    /// Entries posted so far, drained ones included.
    package private(set) var entryCount: Int64 = 0
    private var ids: [String: Int32] = [:]
    private var debits: [NanoDollars] = []
    private var credits: [NanoDollars] = []
    private var pending: [LedgerEntry] = []

    /// Creates a ledger without accounts.
    package init() {}

    /// Returns the account called `name`, opened on first use.
    package mutating func account(_ name: String) -> Account {
        if let id = ids[name] { return Account(id: id) }
        let id = Int32(names.count)
        ids[name] = id
        names.append(name)
        debits.append(.zero)
        credits.append(.zero)
        return Account(id: id)
    }

    /// Returns the name of `account`.
    package func name(of account: Account) -> String { names[Int(account.id)] }

    /// Moves `amount` from `credit` to `debit`; the amount must not be negative, and nothing is posted for zero.
    package mutating func post(debit: Account, credit: Account, amount: NanoDollars, at: Instant) {
        precondition(amount >= .zero, "a negative amount is posted the other way round")
        precondition(debit != credit, "an account cannot pay itself: \(name(of: debit))")
        guard amount > .zero else { return }
        debits[Int(debit.id)] += amount
        credits[Int(credit.id)] += amount
        pending.append(LedgerEntry(sequence: entryCount, at: at, debit: debit, credit: credit, amount: amount))
        entryCount += 1
    }

    /// Returns the entries posted since the last call, in order of posting, and forgets them.
    package mutating func drainEntries() -> [LedgerEntry] {
        var drained: [LedgerEntry] = []
        swap(&drained, &pending)
        return drained
    }

    /// The number of entries that wait to be drained.
    package var pendingCount: Int { pending.count }

    /// Returns what `account` has received less what it has given.
    package func balance(of account: Account) -> NanoDollars {
        debits[Int(account.id)] - credits[Int(account.id)]
    }

    /// Returns all that `account` has received.
    package func debited(_ account: Account) -> NanoDollars { debits[Int(account.id)] }

    /// Returns all that `account` has given.
    package func credited(_ account: Account) -> NanoDollars { credits[Int(account.id)] }

    /// The sum of all balances, recomputed from the accounts: zero, or the ledger is broken.
    package var trialBalance: NanoDollars {
        var sum: Int128 = 0
        for index in names.indices { sum += Int128(debits[index].amount) - Int128(credits[index].amount) }
        return NanoDollars(Int64(clamping: sum))
    }
}
