import Chronology
import Testing
import VirtualTime

@testable import Machines

@Suite struct TransferPoolTests {
    /// A network and what is on its way through it.
    struct Network {
        var bandwidths: [Int64]
        var routes: [[Int32]]

        var pool: TransferPool {
            var pool = TransferPool()
            for bandwidth in bandwidths { _ = pool.addLink(bandwidth: bandwidth) }
            for (number, links) in routes.enumerated() {
                let route = TransferPool.Route(
                    first: links[0], second: links.count > 1 ? links[1] : -1, third: links.count > 2 ? links[2] : -1)
                pool.start(Int32(number), bytes: 1 << 40, over: route, at: .start)
            }
            pool.shareIfChanged(at: .start)
            return pool
        }

        /// Max-min fairness by its definition, with fractions: raise all rates together by the smallest step that fills a link.
        var fairRates: [Double] {
            var rates = [Double](repeating: 0, count: routes.count)
            var isOpen = [Bool](repeating: true, count: routes.count)
            while isOpen.contains(true) {
                var step = Double.infinity
                for link in bandwidths.indices {
                    let users = routes.indices.filter { routes[$0].contains(Int32(link)) }
                    let open = users.filter { isOpen[$0] }
                    guard !open.isEmpty else { continue }
                    let used = users.reduce(0) { $0 + rates[$1] }
                    step = min(step, (Double(bandwidths[link]) - used) / Double(open.count))
                }
                for index in rates.indices where isOpen[index] { rates[index] += step }
                for link in bandwidths.indices {
                    let users = routes.indices.filter { routes[$0].contains(Int32(link)) }
                    let used = users.reduce(0) { $0 + rates[$1] }
                    if used >= Double(bandwidths[link]) - 1e-3 { for user in users { isOpen[user] = false } }
                }
            }
            return rates
        }
    }

    static let networks: [Network] = (0..<60).map { seed in
        var stream = RandomStream(seed: 7, name: "network", index: UInt64(seed))
        let links = 2 + stream.integer(below: 7)
        let bandwidths = (0..<links).map { _ in Int64(1_000_000 * (1 + stream.integer(below: 100))) }
        let routes = (0..<1 + stream.integer(below: 25)).map { _ in
            var route: [Int32] = []
            for _ in 0..<1 + stream.integer(below: 3) {
                let link = Int32(stream.integer(below: links))
                if !route.contains(link) { route.append(link) }
            }
            return route
        }
        return Network(bandwidths: bandwidths, routes: routes)
    }

    @Test(arguments: networks)
    func `rates are max-min fair, to a few bytes in a million`(network: Network) {
        let pool = network.pool
        #expect(pool.problem() == nil)
        for (transfer, fair) in zip(pool.active, network.fairRates) {
            #expect(abs(Double(transfer.rate) - fair) <= 100, "\(network) \(pool.active.map(\.rate))")
        }
    }

    @Test(arguments: networks)
    func `no rate can grow without another that is not greater shrinking`(network: Network) {
        let pool = network.pool
        for (index, transfer) in pool.active.enumerated() {
            let isHeld = network.routes[index].contains { link in
                let users = network.routes.indices.filter { network.routes[$0].contains(link) }
                let used = users.reduce(Int64(0)) { $0 + pool.active[$1].rate }
                let isFull = network.bandwidths[Int(link)] - used < Int64(users.count)
                return isFull && users.allSatisfy { pool.active[$0].rate <= transfer.rate + Int64(users.count) }
            }
            #expect(isHeld, "transfer \(index) of \(network)")
        }
    }

    @Test func `n equal transfers over one link take n times as long as one`() {
        for count in [1, 3, 7, 50] {
            var pool = TransferPool()
            let link = pool.addLink(bandwidth: 100_000_000)
            for number in 0..<count {
                pool.start(Int32(number), bytes: 100_000_000, over: .init(first: link), at: .start)
            }
            pool.shareIfChanged(at: .start)
            let expected = 1e9 * Double(count)
            #expect(abs(Double(pool.nextFinish.nanoseconds) - expected) < expected * 1e-6)
            #expect(pool.takeFinished(at: pool.nextFinish).count == count)
        }
    }

    @Test func `what one transfer leaves of a link the others take`() {
        // The first passes a narrow link; the two others share what it leaves of the wide one.
        let network = Network(bandwidths: [100_000_000, 10_000_000], routes: [[0, 1], [0], [0]])
        #expect(network.pool.active.map(\.rate) == [10_000_000, 45_000_000, 45_000_000])
    }

    @Test func `bytes are kept over changes of the rate, and counted when a transfer is stopped`() {
        var pool = TransferPool()
        let link = pool.addLink(bandwidth: 10_000_000)
        pool.start(0, bytes: 100_000_000, over: .init(first: link), at: .start)
        pool.shareIfChanged(at: .start)
        pool.start(1, bytes: 10_000_000, over: .init(first: link), at: at(4))
        pool.shareIfChanged(at: at(4))
        #expect(pool.nextFinish == at(6))
        #expect(pool.takeFinished(at: at(6)) == [1])
        pool.setBandwidth(20_000_000, of: link)
        pool.shareIfChanged(at: at(6))
        // 40 MB alone, 10 MB beside the other, and the rest at twice the rate.
        #expect(pool.nextFinish == at(8.5))
        #expect(pool.stop(0, at: at(7)) == 70_000_000)
        #expect(pool.stop(0, at: at(7)) == 0)
    }

    @Test func `a link with fewer bytes than transfers still brings all of them to their end`() {
        var pool = TransferPool()
        let link = pool.addLink(bandwidth: 2)
        for number in 0..<5 { pool.start(Int32(number), bytes: 4, over: .init(first: link), at: .start) }
        pool.shareIfChanged(at: .start)
        #expect(pool.problem() == nil)
        var finished: [Int32] = []
        while !pool.active.isEmpty, pool.nextFinish != .never {
            let now = pool.nextFinish
            finished += pool.takeFinished(at: now)
            pool.shareIfChanged(at: now)
        }
        #expect(finished.sorted() == [0, 1, 2, 3, 4])
    }

    /// Machines that fetch from registries, through changes of all kinds.
    @Test(arguments: 0..<40)
    func `even shares of the machines' links are what filling comes to`(seed: Int) {
        var stream = RandomStream(seed: 11, name: "machines", index: UInt64(seed))
        var pool = TransferPool()
        var twin = TransferPool()
        let machines = 1 + stream.integer(below: 12)
        let registries = 1 + stream.integer(below: 3)
        for link in 0..<machines + registries {
            let isMachine = link < machines
            let bandwidth = Int64(1 + stream.integer(below: isMachine ? 60 : 600)) * (seed % 4 == 0 ? 1 : 1_000_000)
            _ = pool.addLink(bandwidth: bandwidth)
            _ = twin.addLink(bandwidth: bandwidth)
        }
        // In the twin a link that one transfer passes first and another second has every rate worked out by filling.
        let aside = twin.addLink(bandwidth: 1_000)
        let beside = twin.addLink(bandwidth: 1_000)
        twin.start(-1, bytes: 1 << 60, over: .init(first: aside), at: .start)
        twin.start(-2, bytes: 1 << 60, over: .init(first: beside, second: aside), at: .start)
        var number: Int32 = 0
        var now = Instant.start
        for _ in 0..<60 {
            switch stream.integer(below: 5) {
            case 0, 1, 2:
                let route = TransferPool.Route(
                    first: Int32(stream.integer(below: machines)),
                    second: Int32(machines + stream.integer(below: registries)))
                let bytes = Int64(1 + stream.integer(below: 1_000_000_000))
                pool.start(number, bytes: bytes, over: route, at: now)
                twin.start(number, bytes: bytes, over: route, at: now)
                number += 1
            case 3:
                let link = Int32(stream.integer(below: machines + registries))
                let bandwidth = Int64(1 + stream.integer(below: 300_000_000))
                pool.setBandwidth(bandwidth, of: link)
                twin.setBandwidth(bandwidth, of: link)
            default:
                let stopped = Int32(stream.integer(below: Int(number) + 1))
                #expect(pool.stop(stopped, at: now) == twin.stop(stopped, at: now))
            }
            pool.shareIfChanged(at: now)
            twin.shareIfChanged(at: now)
            let filled = twin.active.filter { $0.number >= 0 }
            #expect(pool.active.map(\.rate) == filled.map(\.rate))
            #expect(pool.active.map(\.finish) == filled.map(\.finish))
            #expect(pool.problem() == nil)
            guard pool.nextFinish != .never, stream.integer(below: 2) == 0 else { continue }
            now = pool.nextFinish
            #expect(pool.takeFinished(at: now) == twin.takeFinished(at: now).filter { $0 >= 0 })
            pool.shareIfChanged(at: now)
            twin.shareIfChanged(at: now)
        }
        #expect(number > 0)
    }
}
