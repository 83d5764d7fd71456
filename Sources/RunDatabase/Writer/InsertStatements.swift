/// The inserts of all tables that a run fills row by row.
final class InsertStatements {
    let text, node, controller, pod, fault, costAsset, checkpoint, metric, assertion: InsertStatement
    let nodeInterval, podEnd, podInterval, event, attempt, rejection: IntegerInsert
    let imagePull, demand, capacity, costAllocation: IntegerInsert

    /// Prepares all inserts, or returns nil when SQLite refuses one.
    init?(_ connection: OpaquePointer) {
        func prepare(_ table: String, _ columns: Int, replacing: Bool = false) -> InsertStatement? {
            InsertStatement(connection, into: table, columns: columns, replacing: replacing)
        }
        func prepareIntegers(_ table: String, _ columns: Int) -> IntegerInsert? {
            IntegerInsert(connection, into: table, columns: columns)
        }
        guard let text = prepare("text", 2),
            let node = prepare("node", 15),
            let nodeInterval = prepareIntegers("node_interval", 5),
            let controller = prepare("controller", 4),
            let pod = prepare("pod", 10),
            let podEnd = prepareIntegers("pod_end", 7),
            let podInterval = prepareIntegers("pod_interval", 6),
            let event = prepareIntegers("event", 9),
            let attempt = prepareIntegers("scheduling_attempt", 14),
            let rejection = prepareIntegers("scheduling_rejection", 5),
            let imagePull = prepareIntegers("image_pull", 8),
            // A fault may be told twice: when it strikes and when it heals.
            let fault = prepare("fault", 6, replacing: true),
            let demand = prepareIntegers("demand_interval", 7),
            let capacity = prepareIntegers("capacity_interval", 12),
            let costAsset = prepare("cost_asset", 7),
            let costAllocation = prepareIntegers("cost_allocation", 11),
            let checkpoint = prepare("checkpoint", 4),
            let metric = prepare("metric", 4),
            let assertion = prepare("assertion", 5)
        else { return nil }
        self.text = text
        self.node = node
        self.nodeInterval = nodeInterval
        self.controller = controller
        self.pod = pod
        self.podEnd = podEnd
        self.podInterval = podInterval
        self.event = event
        self.attempt = attempt
        self.rejection = rejection
        self.imagePull = imagePull
        self.fault = fault
        self.demand = demand
        self.capacity = capacity
        self.costAsset = costAsset
        self.costAllocation = costAllocation
        self.checkpoint = checkpoint
        self.metric = metric
        self.assertion = assertion
    }

    /// The tables of whole numbers.
    private var integers: [IntegerInsert] {
        [
            nodeInterval, podEnd, podInterval, event, attempt, rejection, imagePull, demand, capacity,
            costAllocation,
        ]
    }

    /// Writes the rows that wait for others to join them.
    func flush() {
        for insert in integers { insert.flush() }
    }

    /// The first result code of any insert that was not a success, in the order of the tables.
    var failure: Int32? {
        for insert in [text, node, controller, pod, fault, costAsset, checkpoint, metric, assertion] {
            if let failure = insert.failure { return failure }
        }
        return integers.lazy.compactMap(\.failure).first
    }
}
