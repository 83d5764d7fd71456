import Foundation

/// Replays recorded traces of the real kube-controller-manager.
package enum ControllerConformance {
    /// Replays every case under `folder`, which holds one folder per family; or only those of `family` and `name`.
    package static func run(
        folder: String, family: String? = nil, name: String? = nil, pace: ReplayPace = ReplayPace()
    ) -> ConformanceReport {
        let manager = FileManager.default
        var report = ConformanceReport(unit: "items")
        for entry in ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).sorted() {
            if let family, family != entry { continue }
            let path = folder + "/" + entry
            let files = ((try? manager.contentsOfDirectory(atPath: path)) ?? []).filter { $0.hasSuffix(".json") }
            if files.isEmpty { continue }
            report.families.append(ConformanceReport.Family(name: entry))
            for file in files.sorted() {
                if let name, file != name + ".json" { continue }
                guard let bytes = manager.contents(atPath: path + "/" + file) else {
                    report.problems.append("\(path)/\(file): cannot be read")
                    continue
                }
                replay([UInt8](bytes), file: entry + "/" + file, pace, into: &report)
            }
        }
        if report.families.isEmpty { report.problems.append("\(folder): there are no cases") }
        return report
    }

    /// Replays one case given as text.
    package static func run(text: String, name: String) -> ConformanceReport {
        var report = ConformanceReport(unit: "items")
        report.families.append(ConformanceReport.Family(name: name))
        replay([UInt8](text.utf8), file: name, ReplayPace(), into: &report)
        return report
    }

    private static func replay(_ bytes: [UInt8], file: String, _ pace: ReplayPace, into report: inout ConformanceReport)
    {
        let golden = ControllerCase(bytes: bytes, file: file)
        report.problems += golden.problems
        let comparison = ItemComparison(golden, ControllerReplay.run(golden, pace: pace))
        let place = report.families.count - 1
        for item in golden.expected {
            report.families[place].decisions += 1
            let differences = comparison.differences(item)
            if differences.isEmpty {
                report.families[place].agreeing += 1
            } else {
                report.mismatches.append(
                    ConformanceReport.Mismatch(
                        place: "\(report.families[place].name)/\(golden.name)", pod: item.id, differences: differences))
            }
        }
    }
}
