using CsvHelper;

namespace VendorPortal.Exports;

/// <summary>Texts as cells of CSV (RFC 4180).</summary>
internal static class CsvCells
{
    /// <summary>Quotes a text where it has to be and, unless raw, guards it: the writer of the format writes each value alone. For one thread.</summary>
    public static Func<string, byte[]> Encoder(bool raw = false)
    {
        // OWASP's advice on CSV injection: a leading apostrophe makes a spreadsheet take a formula for text.
        var options = CsvWriterOptions.Default with { Injection = raw ? CsvInjection.None : CsvInjection.Escape };
        var output = new MemoryStream();
        var csv = CsvWriter.Create(output, options);
        return text =>
        {
            csv.WriteField(text);
            csv.WriteField((string?)null);
            csv.EndRecord();
            csv.Flush();
            var cell = output.GetBuffer().AsSpan(0, (int)output.Length - ",\r\n".Length).ToArray();
            output.SetLength(0);
            return cell;
        };
    }
}
