/// The running integrals of one resource of one node.
///
/// `paid` is what the resource has cost since the node opened. `unit` is what holding the whole capacity would have
/// cost a pod: the same, but less while the pods together hold more than there is. A pod that holds `d` of `capacity`
/// from a to b owes `d x (unit(b) - unit(a)) / capacity`, so a change costs the same however many pods there are. Every
/// division rounds down, so the pods together never owe more than was paid.
struct ResourceMeter: Hashable {
    let capacity: Int64
    let reserved: Int64
    /// The sum of what pods and the reservation hold.
    var demand: Int64
    /// What pods that have left were charged.
    var allocated: NanoDollars = .zero
    /// What the whole resource costs an hour.
    private(set) var hourly: NanoDollars
    /// Both in nano-dollars with `fractionBits` binary places.
    private(set) var unit: Int128 = 0
    private var paid: Int128 = 0
    private var paidBeforePrice: Int128 = 0

    /// Enough that a change is off by less than a millionth of a nano-dollar, and that a byte count times the cost of a
    /// $1,000 machine over ten years still fits.
    static let fractionBits = 20

    init(capacity: Int64, reserved: Int64, hourly: NanoDollars) {
        self.capacity = capacity
        self.reserved = reserved
        self.demand = reserved
        self.hourly = hourly
    }

    /// Brings the integrals up to `nanoseconds` after the price was last set.
    mutating func accrue(sincePrice nanoseconds: Int64) {
        guard hourly.amount > 0 else { return }
        let product = (Int128(hourly.amount) * Int128(nanoseconds)) << Self.fractionBits
        let now = paidBeforePrice + product / NanoDollars.hour
        let step = now - paid
        paid = now
        unit += demand > capacity ? step * Int128(capacity) / Int128(demand) : step
    }

    /// Sets the price from the instant on to which the integrals have been brought.
    mutating func setPrice(_ hourly: NanoDollars) {
        self.hourly = hourly
        paidBeforePrice = paid
    }

    /// Returns what `owed`, an amount held times a difference of `unit`, comes to; rounded down.
    func money(_ owed: Int128) -> NanoDollars {
        guard capacity > 0 else { return .zero }
        return NanoDollars(Int64((owed / Int128(capacity)) >> Self.fractionBits))
    }

    /// What the reservation owes.
    var overhead: NanoDollars { money(Int128(reserved) * unit) }

    /// What the resource has cost, rounded down.
    var cost: NanoDollars { NanoDollars(Int64(paid >> Self.fractionBits)) }
}
