import Observations
import Reports

/// What came of a run's assertions as JUnit XML: a test case for each.
struct JUnitText {
    /// The name of the run.
    let suite: String
    let report: AssertionReport
    /// The run's database.
    let path: String

    /// The document; it ends with a line break.
    var text: String {
        var cases = ""
        var (failures, errors) = (0, 0)
        for (assertion, verdict) in report.entries {
            let name = "\(assertion.name) \(assertion.expectation)"
            let opening =
                "    <testcase classname=\(Self.quoted(suite)) name=\(Self.quoted(name)) "
                + "file=\(Self.quoted(assertion.place.file)) line=\"\(assertion.place.line)\""
            guard let verdict else {
                errors += 1
                cases += opening + ">\n      <error message=\"the run did not reach its end\"/>\n    </testcase>\n"
                continue
            }
            if verdict.held {
                cases += opening + "/>\n"
                continue
            }
            failures += 1
            let message = "expected \(assertion.expectation), seen \(verdict.actual)"
            cases +=
                opening + ">\n      <failure type=\"assertion\" message=\(Self.quoted(message))>"
                + Markup.escaped(report.text(of: verdict, path: path)) + "</failure>\n    </testcase>\n"
        }
        let counts = "tests=\"\(report.entries.count)\" failures=\"\(failures)\" errors=\"\(errors)\""
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites \(counts)>
              <testsuite name=\(Self.quoted(suite)) \(counts) skipped="0">
            \(cases)  </testsuite>
            </testsuites>

            """
    }

    private static func quoted(_ text: String) -> String { "\"\(Markup.escaped(text, isAttribute: true))\"" }
}
