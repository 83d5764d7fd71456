import KubernetesAPI

/// A limit of a forecast that the user states, beside those that the scenario has.
package struct StatedLimit: Hashable, Sendable {
    /// What is limited.
    package enum Subject: Hashable, Sendable {
        /// Nano-dollars, for the whole horizon or for each calendar month.
        case budget(isMonthly: Bool)
        /// Addresses of a zone's subnet, or of all; nodes and pods take one each.
        case addresses(zone: String?)
        /// Nodes, each of which takes a range of addresses for its pods.
        case nodeRanges
        /// vCPUs of machines bought in a way, or of all.
        case vcpus(purchase: String?)
        /// Thousandths of the nodes that hold as many pods as they may.
        case fullNodes
    }

    /// As it was written.
    package let name: String
    package let subject: Subject
    package let value: Int64

    /// The names that can be stated.
    static let names = ["addresses", "podCIDR", "vcpus", "fullNodes"]

    /// Addresses of a subnet that its provider keeps for itself, as AWS does.
    private static let reserved: Int64 = 5
    /// The length of the prefix of a node's range of pod addresses, as `--node-cidr-mask-size` has it.
    private static let nodePrefix = 24

    /// What is wrong with a text.
    package struct Problem: Error, Hashable {
        package var message: String
        package var nearest: String?
    }

    /// Reads a name such as `addresses.us-east-1a` and a value such as `10.0.1.0/24`.
    package init(name: String, value: String) throws(Problem) {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        let detail = parts.count > 1 ? parts[1] : nil
        self.name = name
        switch (parts.first, detail) {
        case ("addresses", let zone):
            subject = .addresses(zone: zone)
            self.value = try Self.count(value, "a number of addresses, or a subnet such as 10.0.1.0/24") {
                (Int64(1) << (32 - $0)) - Self.reserved
            }
        case ("podCIDR", nil):
            subject = .nodeRanges
            let parts = value.split(separator: ":").map(String.init)
            let prefix = parts.count == 2 ? Int(parts[1]) ?? -1 : Self.nodePrefix
            let expected = "a range such as 10.4.0.0/14, or 10.4.0.0/14:26 for nodes with a /26 each"
            guard (1...2).contains(parts.count), (8...30).contains(prefix), value.contains("/") else {
                throw Problem(message: "\"\(value)\" is no range of pod addresses; write \(expected)")
            }
            self.value = try Self.count(parts[0], expected) { prefix >= $0 ? Int64(1) << (prefix - $0) : 0 }
        case ("vcpus", nil), ("vcpus", "on-demand"), ("vcpus", "spot"):
            subject = .vcpus(purchase: detail)
            self.value = try Self.count(value, "a number of vCPUs", nil)
        case ("fullNodes", nil):
            subject = .fullNodes
            guard value.hasSuffix("%"), let percent = Double(value.dropLast()), percent > 0, percent <= 100 else {
                throw Problem(message: "\"\(value)\" is no share of the nodes; write one such as 50%")
            }
            self.value = Int64((percent * 10).rounded())
        default:
            throw Problem(
                message: "there is no limit \"\(name)\"; known are addresses, addresses.ZONE, podCIDR, "
                    + "vcpus, vcpus.on-demand, vcpus.spot and fullNodes",
                nearest: parts.first.flatMap { NearestName.of($0, among: Self.names) })
        }
    }

    /// Reads a budget such as `5000` or `5000/month`.
    package init(budget text: String) throws(Problem) {
        (subject, value) = try Self.budget(text)
        name = subject == .budget(isMonthly: true) ? "budget-month" : "budget"
    }

    private static func budget(_ text: String) throws(Problem) -> (Subject, Int64) {
        let isMonthly = text.hasSuffix("/month")
        let amount = isMonthly ? String(text.dropLast("/month".count)) : text
        guard let dollars = Double(amount), dollars > 0, dollars <= 1e9 else {
            throw Problem(message: "a budget is a sum of dollars such as 5000 or 5000/month, not \"\(text)\"")
        }
        return (.budget(isMonthly: isMonthly), Int64((dollars * 1e9).rounded()))
    }

    /// Reads a whole number above zero or, where there is a way from a prefix to one, a range of IPv4 addresses.
    private static func count(
        _ text: String, _ expected: String, _ ofPrefix: ((Int) -> Int64)?
    ) throws(Problem) -> Int64 {
        if let number = Int64(text), (1...1_000_000_000).contains(number) { return number }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if let ofPrefix, parts.count == 2, let prefix = Int(parts[1]), (1...32).contains(prefix) {
            let bytes = parts[0].split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
            let count = ofPrefix(prefix)
            if bytes.count == 4, !bytes.contains(nil), count > 0 { return count }
        }
        throw Problem(message: "\"\(text)\" does not bound anything; write \(expected)")
    }
}
