import Costs
import Testing

@Suite struct PriceBookTests {
    @Test(
        "The built-in books give the published prices",
        arguments: [
            ("aws/us-east-1", "m5.large", Purchase.onDemand, "0.096"), ("aws/us-east-1", "a1.2xlarge", .spot, "0.204"),
            ("aws/us-east-1", "c1.medium", .spot, "0.039"), ("gcp/us-central1", "a2-highgpu-1g", .onDemand, "3.67339"),
            ("gcp/us-central1", "a2-highgpu-1g", .spot, "1.92802"),
            ("gcp/europe-west1", "a2-highgpu-1g", .onDemand, "3.747369"),
            ("aws/us-gov-west-1", "c5.large", .onDemand, "0.102"),
        ])
    func published(book: String, type: String, purchase: Purchase, price: String) throws {
        #expect(try #require(PriceBook.load(book)).price(of: type, purchase: purchase)?.exact == price)
    }

    @Test("The built-in books are whole, sorted, and name their origin")
    func whole() throws {
        for (name, count) in zip(PriceBook.builtInNames, [1_352, 522, 749, 498, 491, 498, 522, 522]) {
            let book = try #require(PriceBook.load(name))
            #expect(book.entries.count == count)
            #expect(book.entries.map(\.type) == book.entries.map(\.type).sorted())
            #expect(book.entries.allSatisfy { ($0.onDemand ?? .zero) > .zero })
            #expect(!book.origin.date.isEmpty && !book.origin.source.isEmpty)
            #expect("\(book.origin.provider)/\(book.origin.region)" == name)
            #expect(try PriceBook(parsing: book.canonicalText) == book)
        }
        for book in [PriceBook.awsUSEast1, .gcpUSCentral1] {
            #expect(Fee.allCases.allSatisfy { book.price(of: $0) != nil } && book.internetEgress != nil)
        }
        #expect(PriceBook.load(provider: "aws", region: "us-east-1") == PriceBook.awsUSEast1)
        #expect(PriceBook.load(provider: "aws", region: "mars-1") == nil)
        #expect(PriceBook.awsUSEast1.price(of: .controlPlane)?.exact == "0.1")
        #expect(PriceBook.gcpUSCentral1.price(of: "m2-megamem-416", purchase: .spot) == nil)
    }

    @Test("A misspelt type has its nearest names")
    func nearest() {
        #expect(PriceBook.awsUSEast1.nearestNames(to: "m5.lrage").first == "m5.large")
        #expect(PriceBook.awsUSEast1.price(of: "m5.lrage", purchase: .onDemand) == nil)
    }

    @Test("An overlay changes the prices it names and leaves the others")
    func overlays() throws {
        let text = """
            # negotiated
            source,"our contract, 2026"
            type,purchase,usd_per_hour
            m5.large,on-demand,0.08
            onprem.r1,on-demand,0.5\r
            "z.last" , spot , 1
            """
        let overlay = try PriceBook(parsing: text)
        let base = PriceBook.awsUSEast1
        let book = base.overlaying(overlay)
        #expect(book.price(of: "m5.large", purchase: .onDemand)?.exact == "0.08")
        #expect(book.price(of: "m5.large", purchase: .spot) == base.price(of: "m5.large", purchase: .spot))
        #expect(book.price(of: "m5.xlarge", purchase: .onDemand) == base.price(of: "m5.xlarge", purchase: .onDemand))
        #expect(book.price(of: "onprem.r1", purchase: .onDemand)?.exact == "0.5")
        #expect(book.price(of: "z.last", purchase: .spot) == .dollars(1))
        #expect(book.entries.count == base.entries.count + 2)
        #expect(book.entries.map(\.type) == book.entries.map(\.type).sorted())
        #expect(book.price(of: .loadBalancer) == base.price(of: .loadBalancer))
        #expect(book.origin.region == "us-east-1")
        #expect(book.origin.source.hasSuffix("; overlaid by our contract, 2026"))
    }

    @Test(
        "A mistake is named with its line, column and what was expected",
        arguments: [
            ("type,purchase,usd_per_hour\nm5.large,on-demand,9c", 2, 20, "9c", ""),
            ("type,purchase,usd_per_hour\n\nm5.large,spott,1", 3, 10, "spott", "spot"),
            ("type,purchase,usd_per_huor\n", 1, 15, "usd_per_huor", "usd_per_hour"),
            ("type,purchase\n", 1, 1, "type", ""), ("type,usd_per_hour,usd_per_hour\n", 1, 19, "usd_per_hour", ""),
            ("regoin,x\ntype,purchase,usd_per_hour\n", 1, 1, "regoin", "region"), ("currency,EUR\n", 1, 10, "EUR", ""),
            ("type,purchase,usd_per_hour\na,spot,1\na, spot,2", 3, 1, "a", ""),
            ("type,purchase,usd_per_hour\na,spot,-1", 2, 8, "-1", ""),
            ("type,purchase,usd_per_hour\na,spot,1,2", 2, 10, "2", ""),
            ("type,purchase,usd_per_hour\na,spot", 2, 1, "a", ""), ("type,spot_usd_per_hour\na", 2, 1, "a", ""),
            ("type,on_demand_usd_per_hour,spot_saving_percent\na,1,101", 2, 5, "101", ""),
            ("type,on_demand_usd_per_hour,spot_saving_percent\na,,10", 2, 4, "10", ""),
            ("# only this", 1, 1, "the end", ""),
        ])
    func mistakes(text: String, line: Int, column: Int, found: String, nearest: String) {
        let error = #expect(throws: PriceBookError.self) { try PriceBook(parsing: text) }
        #expect(error?.line == line)
        #expect(error?.column == column)
        #expect(error?.found == found)
        #expect(nearest.isEmpty || error?.nearest.first == nearest)
    }
}
