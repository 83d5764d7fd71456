import Chronology
import KubernetesAPI
import Machines
import Simulation

/// Reads `registries`, `imageDistribution` and the prices of image traffic.
extension ScenarioReading {
    func registry(_ reader: FieldReader) -> RegistrySetup? {
        let name = reader.requiredString("name")
        if name.contains("/") {
            reader.error(
                "name", "found the text \"\(ManifestTree.shortened(name))\"",
                expected: "a host such as registry.example.com, without a path")
        }
        var setup = RegistrySetup(name: name)
        setup.bandwidth = reader.read("bandwidth") { whole($0, path: $1, from: Self.leastBandwidth) }
        setup.latency = reader.read("latency") { duration($0, path: $1) } ?? .zero
        setup.rateLimit = reader.object("rateLimit") { rateLimit($0) }.flatMap { $0 }
        setup.isUnauthorized = reader.bool("unauthorized") ?? false
        setup.isDown = reader.bool("down") ?? false
        setup.corruptShare = reader.read("corrupt") { share($0, path: $1, whole: 1_000_000) } ?? 0
        return name.isEmpty ? nil : setup
    }

    /// Below this, a share of it would be no whole byte.
    static let leastBandwidth: Int64 = 1_000

    private func rateLimit(_ reader: FieldReader) -> RegistrySetup.RateLimit? {
        reader.require("pulls", expected: "how many manifests a client may fetch in a window")
        reader.require("window", expected: Self.durationExample)
        let pulls = reader.int64("pulls", in: 1...1_000_000_000)
        let window = reader.read("window") { duration($0, path: $1) }
        let scope: RegistrySetup.RateLimit.Scope? = reader.choice("scope")
        if let window, window <= .zero { reader.error("window", "the window must be longer than nothing") }
        guard let pulls, let window, window > .zero else { return nil }
        return RegistrySetup.RateLimit(pulls: pulls, window: window, scope: scope ?? .client)
    }

    /// Reads what stands between registries and machines.
    func imageDistribution(_ reader: FieldReader, into supply: inout ImageSupply) {
        supply.cacheBandwidth = reader.object("cache") { cache -> Int64? in
            cache.read("bandwidth") { whole($0, path: $1, from: Self.leastBandwidth) } ?? Self.cacheBandwidth
        }.flatMap { $0 }
        supply.peers = reader.choice("peers")
        supply.lazyShare = reader.read("lazyLoading") { tree, path in
            guard let share = share(tree, path: path, whole: 1_000_000) else { return nil }
            if share > 0 { return share }
            wrong(tree, path: path, expected: "a share above zero that must be there before the start, such as 10%")
            return nil
        }
    }

    /// 10 Gbit/s.
    static let cacheBandwidth: Int64 = 1_250_000_000

    func imagePrices(_ reader: FieldReader) -> ImagePrices {
        var prices = ImagePrices()
        prices.registry = reader.read("registry") { price($0, path: $1) }
        prices.cache = reader.read("cache") { price($0, path: $1) }
        prices.peer = reader.read("peer") { price($0, path: $1) }
        prices.crossZone = reader.read("crossZone") { price($0, path: $1) }
        prices.isBilled = reader.bool("billed") ?? false
        if prices.isBilled, prices.listed.isEmpty {
            reader.error("billed", "there is nothing to bill", expected: "a price beside it, such as registry: 0.09")
        }
        return prices
    }

    /// What a pool's machines have, or pull, before they are ready.
    func poolImages(_ reader: FieldReader) -> (present: [String], pulled: [String]) {
        let lists = (reader.oneOrMore("present"), reader.oneOrMore("pull"))
        for (name, list) in [("present", lists.0), ("pull", lists.1)] where list.contains("") {
            reader.error(name, "an image's name is empty")
        }
        return lists
    }
}
