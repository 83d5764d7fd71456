import Chronology
import Costs
import Testing

@Suite struct LedgerTests {
    @Test("Postings balance, and drained entries are forgotten but counted")
    func posts() {
        var ledger = Ledger()
        let node = ledger.account(AccountName.node("a"))
        let provider = ledger.account(AccountName.provider)
        let pod = ledger.account(AccountName.allocation(namespace: "shop", controller: "web", pod: "web-0"))
        #expect(ledger.account("asset:node/a") == node)
        #expect(ledger.name(of: pod) == "allocation:shop/web/web-0")

        ledger.post(debit: node, credit: provider, amount: .dollars(3), at: .start)
        ledger.post(debit: pod, credit: node, amount: .dollars(2), at: .start + .seconds(1))
        ledger.post(debit: pod, credit: node, amount: .zero, at: .start + .seconds(2))
        #expect(ledger.balance(of: node) == .dollars(1))
        #expect(ledger.balance(of: provider) == .dollars(-3))
        #expect(ledger.debited(pod) == .dollars(2) && ledger.credited(node) == .dollars(2))
        #expect(ledger.trialBalance == .zero)

        let entries = ledger.drainEntries()
        #expect(entries.map(\.sequence) == [0, 1])
        #expect(entries.map(\.debit) == [node, pod])
        #expect(ledger.drainEntries().isEmpty)
        ledger.post(debit: node, credit: provider, amount: NanoDollars(1), at: .start + .seconds(3))
        #expect(ledger.drainEntries().map(\.sequence) == [2])
        #expect(ledger.entryCount == 3 && ledger.pendingCount == 0)
    }
}
