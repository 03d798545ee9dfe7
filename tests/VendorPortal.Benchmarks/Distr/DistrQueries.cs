using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using VendorPortal.Benchmarks.Measuring;

namespace VendorPortal.Benchmarks.Distr;

/// <summary>Runs Distr's queries and reads what <c>psql</c> timed, rows fetched and dropped.</summary>
internal sealed partial class DistrQueries(PostgresCluster cluster, int runs, TimeSpan budget)
{
    /// <summary>
    /// Times the execution of one or several statements prepared in <paramref name="script"/>, together; null where the server gave up.
    /// </summary>
    public async Task<Timings?> MeasureAsync(string script, IReadOnlyList<string> executions, CancellationToken ct)
    {
        try
        {
            var first = (await RunAsync(script, executions, 1, ct))[0];
            var more = (int)Math.Clamp(budget.TotalMilliseconds / Math.Max(first, 1), 0, runs);
            // A query that takes longer than its budget is measured once, without a warm run before.
            return new Timings(more == 0 ? [first] : await RunAsync(script, executions, more, ct));
        }
        catch (InvalidOperationException error)
        {
            Report.Say(error.Message);
            return null;
        }
    }

    private async Task<List<double>> RunAsync(string script, IReadOnlyList<string> executions, int times, CancellationToken ct)
    {
        var text = new StringBuilder(DistrLog.Script(script)).AppendLine().AppendLine("SET statement_timeout = '600s';").AppendLine(@"\o /dev/null").AppendLine(@"\timing on");
        for (var i = 0; i < times; i++)
            text.AppendJoin('\n', executions).AppendLine();
        var each = TimeLine().Matches(await cluster.RunAsync(text.ToString(), ct)).Select(m => double.Parse(m.Groups["ms"].Value, CultureInfo.InvariantCulture));
        return [.. each.Chunk(executions.Count).Select(chunk => chunk.Sum())];
    }

    [GeneratedRegex(@"^Time: (?<ms>[0-9.]+) ms", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex TimeLine();
}
