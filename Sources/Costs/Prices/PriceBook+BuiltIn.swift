import CData

// The price books that come with Orrery. Each data file names its sources, dates and licence.

extension PriceBook {
    /// Amazon EC2 and EKS in us-east-1.
    package static let awsUSEast1 = embedded(prices_aws_us_east_1_csv())

    /// Google Compute Engine and GKE in us-central1.
    package static let gcpUSCentral1 = embedded(prices_gcp_us_central1_csv())

    // Of other regions less is known: each file says what.
    private static let awsUSGovWest1 = embedded(prices_aws_us_gov_west_1_csv())
    private static let gcpAsiaSoutheast1 = embedded(prices_gcp_asia_southeast1_csv())
    private static let gcpEuropeWest1 = embedded(prices_gcp_europe_west1_csv())
    private static let gcpEuropeWest4 = embedded(prices_gcp_europe_west4_csv())
    private static let gcpUSEast1 = embedded(prices_gcp_us_east1_csv())
    private static let gcpUSWest1 = embedded(prices_gcp_us_west1_csv())

    /// The providers and regions of the built-in books, in the order in which they are offered: those that runs go by
    /// when nobody names a region come first.
    package static let builtInNames = [
        "aws/us-east-1", "gcp/us-central1", "aws/us-gov-west-1", "gcp/asia-southeast1", "gcp/europe-west1",
        "gcp/europe-west4", "gcp/us-east1", "gcp/us-west1",
    ]

    /// Returns the built-in book called `name`, a provider and region such as `aws/us-east-1`, or nil.
    package static func load(_ name: String) -> PriceBook? {
        switch name {
        case builtInNames[0]: awsUSEast1
        case builtInNames[1]: gcpUSCentral1
        case builtInNames[2]: awsUSGovWest1
        case builtInNames[3]: gcpAsiaSoutheast1
        case builtInNames[4]: gcpEuropeWest1
        case builtInNames[5]: gcpEuropeWest4
        case builtInNames[6]: gcpUSEast1
        case builtInNames[7]: gcpUSWest1
        default: nil
        }
    }

    /// Returns the built-in book of a provider's region, or nil.
    package static func load(provider: String, region: String) -> PriceBook? { load("\(provider)/\(region)") }

    private static func embedded(_ text: UnsafePointer<CChar>) -> PriceBook {
        do throws(PriceBookError) {
            return try PriceBook(parsing: String(cString: text))
        } catch {
            preconditionFailure("an embedded price book does not parse: \(error)")
        }
    }
}
