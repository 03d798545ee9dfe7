using System.Text;

namespace VendorPortal.Tests.Testing;

/// <summary>A reader of RFC 4180 that knows nothing of the writer, and takes nothing but CRLF.</summary>
public static class CsvText
{
    public static IReadOnlyList<IReadOnlyList<string>> Parse(string text)
    {
        var rows = new List<IReadOnlyList<string>>();
        var row = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                cell.Append(text[i++]);
            else if (c == '"')
                quoted = !quoted;
            else if (quoted)
                cell.Append(c);
            else if (c == ',')
                End();
            else if (c == '\r' && text[i + 1] == '\n')
                EndRow(ref i);
            else
                cell.Append(c is '\r' or '\n' ? throw new FormatException($"A bare line end at {i}.") : c);
        }

        return row.Count == 0 && cell.Length == 0 && !quoted ? rows : throw new FormatException("The last record does not end.");

        void End()
        {
            row.Add(cell.ToString());
            cell.Clear();
        }

        void EndRow(ref int i)
        {
            i++;
            End();
            rows.Add(row.ToList());
            row.Clear();
        }
    }
}
