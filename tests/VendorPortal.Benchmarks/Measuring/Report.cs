using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using VendorPortal.Storage.Sqlite;

namespace VendorPortal.Benchmarks.Measuring;

/// <summary>
/// The outcome as Markdown, ready to be taken over into a page: printed as it comes, and written to a file where one is given. What is
/// said on the way goes to standard error.
/// </summary>
internal sealed class Report
{
    private readonly StringBuilder text = new();
    private readonly List<string> verdicts = [];

    public string Text => text.ToString();

    public void Begin(string title, string what)
    {
        Line($"# {title}");
        Line("");
        Line(what);
        Line("");
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        Line(Format($"{Environment.ProcessorCount} cores, {memory:F0} GB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, {SqliteNativeLibrary.Description}."));
        if (Load() is { } load && load > 0.5)
            Line(Format($"**Other work was running when this began (load {load:F1}): read the figures as upper bounds.**"));
    }

    public void Section(string heading)
    {
        Line("");
        Line($"## {heading}");
        Line("");
    }

    public void Note(string note)
    {
        Line(note);
        Line("");
    }

    public void Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        Line($"| {string.Join(" | ", head)} |");
        Line($"|{string.Concat(head.Select((_, i) => i == 0 ? "--|" : "--:|"))}");
        foreach (var row in rows)
            Line($"| {string.Join(" | ", row)} |");
        Line("");
    }

    /// <summary>Prints goals with what was measured; they come once more at the end.</summary>
    public void Goals(params IEnumerable<Goal> goals)
    {
        var rows = goals.Select(goal => (IReadOnlyList<string>)[goal.What, goal.Wanted, goal.Measured, goal.Met ? "met" : "**missed**"]).ToList();
        verdicts.AddRange(rows.Select(row => $"| {string.Join(" | ", row)} |"));
        Table(["Goal", "Wanted", "Measured", "Verdict"], rows);
    }

    public void End()
    {
        if (verdicts.Count == 0)
            return;
        Section("All goals");
        Line("| Goal | Wanted | Measured | Verdict |");
        Line("|--|--:|--:|--:|");
        foreach (var verdict in verdicts)
            Line(verdict);
    }

    public static void Say(string progress) => Console.Error.WriteLine(progress);

    public static string Ms(double milliseconds) => milliseconds switch
    {
        < 10 => Format($"{milliseconds:F2}"),
        < 100 => Format($"{milliseconds:F1}"),
        _ => Format($"{milliseconds:N0}"),
    };

    public static string Ms(Timings timings) => $"{Ms(timings.P50)} / {Ms(timings.P95)} / {Ms(timings.Worst)}";

    public static string Times(double ratio) => ratio switch
    {
        >= 100 => Format($"{ratio:N0}×"),
        >= 1 => Format($"{ratio:F1}×"),
        _ => Format($"{ratio:F2}×"),
    };

    public static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Line(string line)
    {
        text.AppendLine(line);
        Console.Out.WriteLine(line);
    }

    // The machine's load, where the system tells it.
    private static double? Load()
    {
        const string File = "/proc/loadavg";
        return System.IO.File.Exists(File) ? double.Parse(System.IO.File.ReadAllText(File).Split(' ')[0], CultureInfo.InvariantCulture) : null;
    }
}

/// <summary>A figure to hold, and what was measured.</summary>
internal sealed record Goal(string What, string Wanted, string Measured, bool Met)
{
    public static Goal AtMost(string what, double milliseconds, double measured) =>
        new(what, Report.Format($"≤ {milliseconds:N0} ms"), $"{Report.Ms(measured)} ms", measured <= milliseconds);

    public static Goal AtLeast(string what, double wanted, double measured, string unit) =>
        new(what, Report.Format($"≥ {wanted:N0} {unit}"), Report.Format($"{measured:N0} {unit}"), measured >= wanted);

    public static Goal Ratio(string what, double wanted, double measured) => new(what, $"≥ {Report.Times(wanted)}", Report.Times(measured), measured >= wanted);
}
