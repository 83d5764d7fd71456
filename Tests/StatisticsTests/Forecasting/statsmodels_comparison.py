"""Compares `orrery forecast --backtest` with the exponential smoothing of statsmodels, at the same origins.

Says "skipped" when statsmodels, the data or the command are missing.

    python3 Tests/StatisticsTests/Forecasting/statsmodels_comparison.py .build/release/orrery ../shared/data/traces

On each series statsmodels' ExponentialSmoothing is fitted before each origin in several forms (without a trend, with a
linear and a damped one; without a season and with each that was asked for, added and multiplied); the one with the lowest
AIC there makes one forecast, and the customary Holt-Winters form (damped trend, first season added) another. Errors are
told as MASE: as multiples of the seasonal naive error inside the past of each origin. Over the series of a set, ours must
be no worse than either, and on each series the interval must hold 85 to 95 % of the values. Exit code 1 when not.
"""
import csv
import io
import json
import os
import subprocess
import sys
import tarfile
import warnings

SERIES = [
    # set, file, options; a day ahead by the hour where there are days, else an hour ahead
    ("worldcup98", "worldcup98/requests_per_minute_to_1998-06-15.csv",
     ["--every", "1h", "--horizon", "1d", "--season", "1d,7d"]),
    ("worldcup98", "worldcup98/requests_per_minute_to_1998-06-15.csv",
     ["--every", "1h", "--horizon", "7d", "--season", "1d,7d"]),
    ("nab-cloudwatch", "nab-cloudwatch/ec2_cpu_utilization_5f5533.csv",
     ["--every", "1h", "--horizon", "1d", "--season", "1d"]),
    ("nab-cloudwatch", "nab-cloudwatch/elb_request_count_8c0756.csv",
     ["--every", "1h", "--horizon", "1d", "--season", "1d"]),
    ("nab-cloudwatch", "nab-cloudwatch/rds_cpu_utilization_cc0c53.csv",
     ["--every", "1h", "--horizon", "1d", "--season", "1d"]),
    ("alibaba-2026-genai", "alibaba-2026-genai/qps.tar.gz",
     ["--every", "5m", "--merge", "sum", "--horizon", "1h", "--season", "none"]),
]


def history(path):
    """Returns the bytes of a CSV file, out of an archive where it lies in one."""
    if not path.endswith(".tar.gz"):
        return open(path, "rb").read()
    with tarfile.open(path) as archive:
        member = next(m for m in archive.getmembers() if m.name.endswith("qps.csv"))
        return archive.extractfile(member).read()


def grid(text, report, merge):
    """Returns the values on the grid of the report, made without our help."""
    import numpy
    import pandas

    frame = pandas.read_csv(io.BytesIO(text))
    name = next(c for c in frame.columns if "time" in c or c == "period")
    times = frame[name]
    numeric = pandas.api.types.is_numeric_dtype(times)
    times = pandas.to_datetime(times, unit="s", utc=True) if numeric else pandas.to_datetime(times, utc=True)
    column = "value" if "value" in frame else "count"
    start = pandas.Timestamp(report["start"])
    place = ((times - start).dt.total_seconds() // report["step"]).astype(int)
    grouped = frame[column].groupby(place)
    merged = grouped.sum() if merge == "sum" else grouped.mean()
    values = merged.reindex(range(report["steps"])).to_numpy(dtype=float).copy()
    # A first step that begins before the file does is a part of one, and no value: else the errors would be multiples of
    # different seasonal naive errors here and there.
    usual = times.sort_values().diff().dt.total_seconds()
    usual = usual[usual > 0].mode().min()
    if (times.min() - start).total_seconds() >= usual:
        values[0] = numpy.nan
    return values, numpy


def forms(past, seasons, numpy):
    """Yields the names and arguments of the forms that suit what is known."""
    for trend in ({}, {"trend": "add"}, {"trend": "add", "damped_trend": True}):
        kind = ("damped " if "damped_trend" in trend else "linear ") if trend else ""
        yield kind + "smoothing", dict(trend)
        for season in seasons:
            if 2 * season > len(past):
                continue
            for way in ("add", "mul"):
                if way == "add" or numpy.nanmin(past) > 0:
                    yield f"{kind}{way} {season}", dict(trend, seasonal=way, seasonal_periods=season)


def smoothing(values, report, numpy):
    """Returns the MASE of the form with the lowest AIC and of Holt-Winters, over the origins."""
    import pandas
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    horizon = round(report["horizon"] / report["step"])
    seasons = [round(s / report["step"]) for s in report["seasons"]]
    start = pandas.Timestamp(report["start"])
    best, usual = [], []
    for origin in report["origins"]:
        known = round((pandas.Timestamp(origin) - start).total_seconds() / report["step"])
        past = pandas.Series(values[:known]).ffill().bfill().to_numpy()
        actual = values[known:known + horizon]
        lag = seasons[0] if seasons else 1
        scale = float(numpy.nanmean(numpy.abs(values[lag:known] - values[:known - lag])))
        results = {}
        for name, arguments in forms(past, seasons, numpy):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    fit = ExponentialSmoothing(past, **arguments, initialization_method="estimated").fit()
                error = float(numpy.nanmean(numpy.abs(fit.forecast(horizon) - actual))) / scale
            except Exception:
                continue
            if numpy.isfinite(error) and numpy.isfinite(fit.aic):
                results[name] = (fit.aic, error)
        best.append(min(results.values())[1])
        usual.append(results[f"damped add {seasons[0]}" if seasons else "damped smoothing"][1])
    return sum(best) / len(best), sum(usual) / len(usual)


def main():
    try:
        import statsmodels  # noqa: F401
        import pandas  # noqa: F401
    except ImportError:
        print("skipped: statsmodels is not installed (pip install statsmodels)")
        return 0
    if len(sys.argv) != 3:
        print(__doc__)
        return 2
    command, traces = sys.argv[1:]
    if not os.path.exists(command) or not os.path.isdir(traces):
        print(f"skipped: there is no {command if not os.path.exists(command) else traces}")
        return 0
    rows = []
    writer = csv.writer(sys.stdout)
    writer.writerow(["set", "series", "horizon", "MASE", "statsmodels AIC", "statsmodels Holt-Winters", "naive",
                     "seasonal-naive", "drift", "pinball", "coverage"])
    for name, path, options in SERIES:
        text = history(os.path.join(traces, path))
        called = subprocess.run(
            [command, "forecast", "--history", "-", "--backtest", "--json", *options], input=text,
            stdout=subprocess.PIPE, check=True)
        report = json.loads(called.stdout)
        values, numpy = grid(text, report, "sum" if "sum" in options else "mean")
        by_aic, usual = smoothing(values, report, numpy)
        ours = report["chosen"]
        mase = {method["method"].split("(")[0]: method["mase"] for method in reversed(report["methods"])}
        naive = [mase.get(key) for key in ("naive", "seasonal-naive", "drift")]
        rows.append((name, ours["mase"], by_aic, usual, ours["coverage"]))
        figures = [ours["mase"], by_aic, usual, *naive, ours["pinball"], ours["coverage"]]
        writer.writerow([name, path.split("/")[-1], options[options.index("--horizon") + 1],
                         *("" if value is None else f"{value:.4g}" for value in figures)])
        sys.stdout.flush()
    return 1 if any([judged(name, rows) for name in dict.fromkeys(row[0] for row in rows)]) else 0


def judged(name, rows):
    """Prints how ours did on a set; returns whether it did worse than is claimed."""
    of_set = [row for row in rows if row[0] == name]
    # Series of a set have different units: the ratio of errors is what they have in common.
    by_aic, usual = (sum(row[1] / row[place] for row in of_set) / len(of_set) for place in (2, 3))
    is_wrong = by_aic > 1 or usual > 1 or not all(0.85 <= row[4] <= 0.95 for row in of_set)
    print(f"{name}: {'WRONG' if is_wrong else 'right'}, error {by_aic:.3f} of statsmodels' by AIC, {usual:.3f} of its "
          f"Holt-Winters'; coverage {', '.join(f'{100 * row[4]:.1f} %' for row in of_set)}")
    return is_wrong


if __name__ == "__main__":
    sys.exit(main())
