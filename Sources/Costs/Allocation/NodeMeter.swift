import Chronology

/// The meter of one node: its bill and, for each resource, how it is shared.
struct NodeMeter: Hashable {
    let account: Account
    private let ratios: ResourceRatios
    private let amounts: ResourceAmounts
    private(set) var bill: RunningBill
    private(set) var cpu: ResourceMeter
    private(set) var memory: ResourceMeter
    private(set) var gpu: ResourceMeter
    private(set) var podCount: Int32 = 0
    private var accruedTo: Instant
    private var priceSince: Instant
    /// Whether the bill has a new price that is not in effect yet.
    private var isPricePending = false

    init(
        account: Account, bill: RunningBill, capacity: ResourceAmounts, reserved: ResourceAmounts,
        ratios: ResourceRatios
    ) {
        let split = ratios.split(bill.hourly, capacity: capacity)
        self.account = account
        self.ratios = ratios
        self.amounts = capacity
        self.bill = bill
        cpu = ResourceMeter(capacity: capacity.cpuMilli, reserved: reserved.cpuMilli, hourly: split.cpu)
        memory = ResourceMeter(capacity: capacity.memoryBytes, reserved: reserved.memoryBytes, hourly: split.memory)
        gpu = ResourceMeter(capacity: capacity.gpuMilli, reserved: reserved.gpuMilli, hourly: split.gpu)
        accruedTo = bill.start
        priceSince = bill.start
    }

    /// Brings all integrals up to `now`; time must not run backward.
    mutating func accrue(to now: Instant) {
        precondition(now >= accruedTo, "a node's meter cannot run backward")
        guard now > accruedTo else { return }
        if isPricePending, now >= bill.effective {
            advance(to: bill.effective)
            takePrice()
        }
        advance(to: now)
    }

    /// Sets the machine's price an hour for the time that is not billed yet.
    mutating func setPrice(_ hourly: NanoDollars, at now: Instant) {
        accrue(to: now)
        isPricePending = true
        if bill.setPrice(hourly, at: now) == now { takePrice() }
    }

    /// Counts what a pod holds from now on; the integrals must have been brought up to date.
    mutating func hold(_ amounts: ResourceAmounts, insteadOf old: ResourceAmounts) {
        cpu.demand += amounts.cpuMilli - old.cpuMilli
        memory.demand += amounts.memoryBytes - old.memoryBytes
        gpu.demand += amounts.gpuMilli - old.gpuMilli
    }

    mutating func addPod() { podCount += 1 }

    mutating func removePod(_ charge: ResourceCharge) {
        podCount -= 1
        self.charge(charge)
    }

    /// Counts what pods owe.
    mutating func charge(_ charge: ResourceCharge) {
        cpu.allocated += charge.cpu
        memory.allocated += charge.memory
        gpu.allocated += charge.gpu
    }

    /// Returns the bill of a node that closes now, to which the integrals must have been brought.
    func closingBill() -> NodeBill {
        let total = bill.total(at: accruedTo)
        let cost = ResourceCharge(cpu: cpu.cost, memory: memory.cost, gpu: gpu.cost)
        // Rounding, begun seconds and the minimum: paid, and nobody's.
        let beyond = ResourceCharge(
            splitting: total - cost.total, by: [cpu.hourly.amount, memory.hourly.amount, gpu.hourly.amount])
        let allocated = ResourceCharge(cpu: cpu.allocated, memory: memory.allocated, gpu: gpu.allocated)
        let overhead = ResourceCharge(cpu: cpu.overhead, memory: memory.overhead, gpu: gpu.overhead)
        let idle = cost + beyond - allocated - overhead
        precondition(
            idle.cpu >= .zero && idle.memory >= .zero && idle.gpu >= .zero,
            "pods were charged more than their node cost")
        return NodeBill(total: total, allocated: allocated, idle: idle, overhead: overhead)
    }

    private mutating func advance(to now: Instant) {
        let elapsed = (now - priceSince).nanoseconds
        cpu.accrue(sincePrice: elapsed)
        memory.accrue(sincePrice: elapsed)
        gpu.accrue(sincePrice: elapsed)
        accruedTo = now
    }

    private mutating func takePrice() {
        let split = ratios.split(bill.hourly, capacity: amounts)
        cpu.setPrice(split.cpu)
        memory.setPrice(split.memory)
        gpu.setPrice(split.gpu)
        priceSince = accruedTo
        isPricePending = false
    }
}
