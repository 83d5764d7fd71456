import Chronology
import Costs

/// The money of a run: the meter, the ledger, and what has been written so far.
struct CostDesk {
    /// A machine's account and how much of its bill has been written.
    struct Machine {
        let meter: AllocationMeter.NodeID
        let account: Account
        var pods: [Int32] = []
        var written = NodeBill.nothing
        var since: Instant
        /// What was told of the bill since it was written, at changes of the price, and until when.
        var told: (total: NanoDollars, until: Instant)?
        /// Until when it is billed, once it is gone.
        var until: Instant?
        /// Whether all that it will ever cost is written.
        var isClosed = false
    }

    var meter = AllocationMeter()
    var ledger = Ledger()
    var machines: [Machine?] = []
    let provider: Account
    let idle: Account
    let overhead: Account
    let controlPlane: Account
    var controlPlaneSince = Instant.start
    // Accounts of workloads by their rows, from 1.
    var workloads: [Account] = []
    var idleTotal = NanoDollars.zero
    var overheadTotal = NanoDollars.zero
    var podsTotal = NanoDollars.zero
    var controlPlaneTotal = NanoDollars.zero
    /// nil when volumes and load balancers cost nothing.
    var standing: StandingDesk?
    /// nil when traffic costs nothing.
    var network: NetworkDesk?
    /// nil when nothing was promised to the provider.
    var commitments: CommitmentDesk?

    init() {
        provider = ledger.account(AccountName.provider)
        idle = ledger.account(AccountName.idle)
        overhead = ledger.account(AccountName.overhead)
        controlPlane = ledger.account(AccountName.controlPlane)
    }
}
