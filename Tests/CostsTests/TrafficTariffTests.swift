import Costs
import Testing

@Suite("What traffic costs by its volume")
struct TrafficTariffTests {
    private static let gib: Int64 = 1 << 30
    private static let tib: Int64 = 1 << 40

    /// Bills worked out by hand from the providers' price lists: 100 GB free, then $0.09 up to 10 TB, $0.085 for the next
    /// 40, $0.07 for the next 100, $0.05 beyond; at Google 1 GiB free, then $0.12, $0.11 and $0.08.
    @Test(
        "traffic to the internet by the lists of both providers",
        arguments: [
            ("aws/us-east-1", 0, "0"), ("aws/us-east-1", 100 * gib, "0"), ("aws/us-east-1", 101 * gib, "0.09"),
            // "5,120 - 100 free = 5,020 GB at $0.09".
            ("aws/us-east-1", 5 * tib, "451.8"),
            ("aws/us-east-1", 10 * tib, "912.6"),
            // 912.60 + 40 x 1,024 x 0.085.
            ("aws/us-east-1", 50 * tib, "4394.2"),
            // + 100 x 1,024 x 0.07.
            ("aws/us-east-1", 150 * tib, "11562.2"),
            // + 50 x 1,024 x 0.05.
            ("aws/us-east-1", 200 * tib, "14122.2"),
            ("gcp/us-central1", gib, "0"), ("gcp/us-central1", tib, "122.76"),
            // 122.76 + 4 x 1,024 x 0.11.
            ("gcp/us-central1", 5 * tib, "573.32"),
            // 122.76 + 9 x 1,024 x 0.11 + 10 x 1,024 x 0.08.
            ("gcp/us-central1", 20 * tib, "1955.72"),
        ])
    func internet(book: String, bytes: Int64, cost: String) throws {
        let tariff = try #require(PriceBook.load(book)?.internetEgress)
        #expect(tariff.cost(of: bytes).exact == cost)
    }

    @Test("a terabyte between zones is $20.48 at Amazon, for both ends, and $10.24 at Google")
    func zones() throws {
        func cost(_ book: PriceBook) throws -> NanoDollars {
            let prices = [book.price(of: .zoneTransferOut), book.price(of: .zoneTransferIn)]
            return try prices.reduce(.zero) { try $0 + TrafficTariff(flat: #require($1)).cost(of: 1 << 40) }
        }
        #expect(try cost(.awsUSEast1).exact == "20.48" && cost(.gcpUSCentral1).exact == "10.24")
    }

    @Test("a load balancer that processes 30 GB an hour costs $0.24 an hour beside its own price")
    func loadBalancer() throws {
        let price = try #require(PriceBook.awsUSEast1.price(of: .loadBalancerTraffic))
        #expect(TrafficTariff(flat: price).cost(of: 30 << 30).exact == "0.24")
    }

    @Test("what is split by bounds sums to the whole, and rounding is to the nearest nano-dollar")
    func rounding() throws {
        let tariff = try #require(
            TrafficTariff(
                tiers: [.init(upTo: 3, price: NanoDollars(7)), .init(upTo: nil, price: NanoDollars(5))], gigabyte: 2))
        // 7/2 and 14/2, then 21/2 and 26/2: halves go to even.
        #expect((1...4).map { tariff.cost(of: $0).amount } == [4, 7, 10, 13])
    }

    @Test(
        "tiers whose bounds make no sense are none",
        arguments: [[], [5], [5, 5, nil], [5, 3, nil], [nil, 5], [0, nil]] as [[Int64?]])
    func refused(bounds: [Int64?]) {
        #expect(TrafficTariff(tiers: bounds.map { .init(upTo: $0, price: NanoDollars(1)) }) == nil)
    }

    @Test(
        "a book tells what is wrong with a line of traffic to the internet",
        arguments: [
            ("internet_egress_usd_per_gib,,0.1\ninternet_egress_usd_per_gib,5,0.1", "2:29: found \"5\""),
            ("internet_egress_usd_per_gib,5,0.1\ninternet_egress_usd_per_gib,4,0.1", "2:29: found \"4\""),
            ("internet_egress_usd_per_gib,5,much\n", "1:31: found \"much\""),
            ("internet_egress_usd_per_gib,5\n", "1:29: found \"5\""),
            ("internet_egress_usd_per_gib,5,0.1\ntype,purchase,usd_per_hour", "2:1: found \"the end\""),
            ("internet_egress_usd_per_gb,5,0.1\n", "1:1: found \"internet_egress_usd_per_gb\""),
        ])
    func mistakes(text: String, start: String) {
        do throws(PriceBookError) {
            _ = try PriceBook(parsing: text)
            Issue.record("the text was taken")
        } catch {
            #expect(error.description.hasPrefix(start), "\(error)")
        }
    }

    @Test("an overlay's tiers take the place of the book's")
    func overlay() throws {
        let text = "internet_egress_usd_per_gib,,0.02\ntype,purchase,usd_per_hour\n"
        let book = PriceBook.awsUSEast1.overlaying(try PriceBook(parsing: text))
        #expect(book.internetEgress == TrafficTariff(flat: NanoDollars(20_000_000)))
        #expect(book.price(of: .zoneTransferIn) == PriceBook.awsUSEast1.price(of: .zoneTransferIn))
    }
}
