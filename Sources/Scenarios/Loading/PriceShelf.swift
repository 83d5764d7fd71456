import Costs
import KubernetesAPI
import Machines

/// Whoever sells machines that we know.
enum Provider: String, CaseIterable {
    case aws, gcp

    /// Returns the provider that sells a machine type; their names do not collide.
    static func selling(_ type: String) -> Provider? {
        if MachineCatalogue.aws[type] != nil { return .aws }
        return MachineCatalogue.gcp[type] != nil ? .gcp : nil
    }

    /// The region whose prices hold when nobody names one.
    var region: String {
        switch self {
        case .aws: "us-east-1"
        case .gcp: "us-central1"
        }
    }

    /// The catalogue of the provider's machine types.
    var catalogue: MachineCatalogue {
        switch self {
        case .aws: .aws
        case .gcp: .gcp
        }
    }

    /// Returns the region of a zone as AWS (`us-east-1a`) and Google Cloud (`us-central1-a`) name them, or nil.
    static func region(ofZone zone: String) -> String? {
        guard let last = zone.last, last.isLetter, last.isLowercase else { return nil }
        var stem = zone.dropLast()
        let isGoogle = stem.hasSuffix("-")
        if isGoogle { stem = stem.dropLast() }
        let hyphens = stem.count { $0 == "-" }
        // Those of governments have one part more, as in us-gov-west-1a.
        guard stem.last?.isNumber == true, isGoogle ? hyphens == 1 : (2...3).contains(hyphens) else { return nil }
        return String(stem)
    }
}

/// The price books of a run, with the overlays of scenario and request laid over them.
struct PriceShelf {
    /// The provider that was named; nil when nobody named one.
    let provider: Provider?
    private let books: [(provider: Provider, region: String, book: PriceBook)]

    init(_ assembly: ScenarioAssembly, document: ScenarioDocument, catalogue: MachineCatalogue) {
        let overlays =
            Self.overlays(document.prices.overlays, .scenario, assembly, catalogue)
            + Self.overlays(assembly.request.priceOverlays, .request, assembly, catalogue)
        provider = Self.provider(assembly, document)
        let region = assembly.request.region ?? document.prices.region
        books = Provider.allCases.map { provider in
            let asked = region.flatMap { PriceBook.load(provider: provider.rawValue, region: $0) }
            var book =
                asked ?? PriceBook.load(provider: provider.rawValue, region: provider.region) ?? PriceBook.awsUSEast1
            let home = book.origin.region
            for overlay in overlays where ["", provider.rawValue].contains(overlay.origin.provider) {
                book = book.overlaying(overlay)
            }
            return (provider, home, book)
        }
        guard let region, !books.contains(where: { $0.book.origin.region == region }) else { return }
        let known = provider.map { [$0] } ?? Provider.allCases
        assembly.warn(
            "prices",
            "there is no price book of the region \(ManifestTree.shortened(region)); prices are those of "
                + known.map { "\($0.rawValue)/\($0.region)" }.joined(separator: " and "))
    }

    private static func provider(_ assembly: ScenarioAssembly, _ document: ScenarioDocument) -> Provider? {
        guard let name = assembly.request.provider ?? document.prices.provider else { return nil }
        if let provider = Provider(rawValue: name) { return provider }
        let names = Provider.allCases.map(\.rawValue)
        let isAsked = assembly.request.provider != nil
        assembly.diagnostics.add(
            Diagnostic(
                .error, file: isAsked ? "--provider" : assembly.scenarioFile ?? "prices",
                position: isAsked ? nil : document.prices.providerPosition,
                path: isAsked ? "" : "spec.prices.provider",
                message: "there are no prices of \"\(ManifestTree.shortened(name))\"",
                expected: "one of \(names.joined(separator: ", "))", nearest: NearestName.of(name, among: names)))
        return nil
    }

    private static func overlays(
        _ paths: [String], _ base: InputLedger.Base, _ assembly: ScenarioAssembly, _ catalogue: MachineCatalogue
    ) -> [PriceBook] {
        paths.compactMap { path in
            guard let file = assembly.ledger.readFile(path, base) else { return nil }
            do throws(PriceBookError) {
                let book = try PriceBook(parsing: String(decoding: file.contents, as: UTF8.self))
                for type in book.entries.map(\.type) where catalogue[type] == nil {
                    let message = "there is no machine type \"\(ManifestTree.shortened(type))\" to have a price"
                    let nearest = catalogue.nearestNames(to: type, count: 1).first
                    assembly.diagnostics.add(
                        Diagnostic(.warning, file: file.name, message: message, nearest: nearest))
                }
                return book
            } catch {
                assembly.diagnostics.add(
                    Diagnostic(
                        .error, file: file.name, position: Position(line: error.line, column: error.column),
                        message: "found \"\(ManifestTree.shortened(error.found))\"", expected: error.expected,
                        nearest: error.nearest.first))
                return nil
            }
        }
    }

    // MARK: - Prices

    /// Returns the book of a provider.
    func book(of provider: Provider) -> PriceBook {
        for entry in books where entry.provider == provider { return entry.book }
        preconditionFailure("there is a book of every provider")
    }

    /// Returns three zones in which a provider's machines are when nobody says so.
    func zones(of provider: Provider) -> [String] {
        let region = books.first { $0.provider == provider }?.region ?? provider.region
        // The oldest regions of Google have no zone a.
        let letters = ["europe-west1", "us-east1"].contains(region) ? ["b", "c", "d"] : ["a", "b", "c"]
        return letters.map { provider == .gcp ? "\(region)-\($0)" : region + $0 }
    }

    /// Returns the price of a machine type an hour, or nil where no book has it.
    func price(of type: String, purchase: Purchase) -> NanoDollars? {
        if let seller = Provider.selling(type) ?? provider {
            return book(of: seller).price(of: type, purchase: purchase)
        }
        return books.lazy.compactMap { $0.book.price(of: type, purchase: purchase) }.first
    }
}
