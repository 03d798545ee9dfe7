using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace VendorPortal.Commands;

/// <summary>What commands print on standard output: one JSON value, or a table for people.</summary>
internal static class CommandOutput
{
    // A terminal or a file, never HTML: letters stay as they are.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task WriteJsonAsync<T>(this ParseResult parsed, T value) =>
        parsed.InvocationConfiguration.Output.WriteLineAsync(JsonSerializer.Serialize(value, Json));

    public static async Task WriteTableAsync(this ParseResult parsed, string[] head, IEnumerable<string[]> rows)
    {
        string[][] all = [head, .. rows];
        var widths = head.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all)
            await parsed.InvocationConfiguration.Output.WriteLineAsync(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
