using System.Text;
using VendorPortal.Hosting;

namespace VendorPortal.Feeds.AccessLogs;

/// <summary>
/// nginx's directive <c>log_format name [escape=default|json|none] 'text' 'text';</c>, or only its text, with <c>escape=…</c> before it where
/// it is not the default.
/// </summary>
internal static class LogFormatDirective
{
    public static (string Text, LogEscape Escape) Read(string format)
    {
        var rest = format.AsSpan().Trim();
        if (rest.StartsWith("log_format "))
        {
            rest = rest["log_format ".Length..].TrimStart();
            rest = rest[Math.Max(0, rest.IndexOfAny(' ', '\t', '\n'))..].TrimStart();
        }

        var escape = LogEscape.Default;
        if (rest.StartsWith("escape="))
        {
            rest = rest["escape=".Length..];
            var end = rest.IndexOfAny(' ', '\t', '\n');
            var name = end < 0 ? rest : rest[..end];
            escape = name switch
            {
                "default" => LogEscape.Default,
                "json" => LogEscape.Json,
                "none" => LogEscape.None,
                _ => throw new InputException($"The log format has escape={name}; nginx knows default, json and none."),
            };
            rest = end < 0 ? default : rest[end..].TrimStart();
        }

        return (rest.Length > 0 && rest[0] is '\'' or '"' && IsQuoted(rest) ? Unquote(rest) : rest.ToString(), escape);
    }

    // The text itself may begin with a quote: it is nginx's quoting only where nothing but quoted pieces follow each other.
    private static bool IsQuoted(ReadOnlySpan<char> text)
    {
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            if (quote != '\0' && text[i] == '\\')
                i++;
            else if (text[i] == quote)
                quote = '\0';
            else if (quote == '\0' && text[i] is '\'' or '"')
                quote = text[i];
            else if (quote == '\0' && !char.IsWhiteSpace(text[i]) && text[i] != ';')
                return false;
        }

        return quote == '\0';
    }

    private static string Unquote(ReadOnlySpan<char> text)
    {
        var plain = new StringBuilder();
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            if (quote != '\0' && text[i] == '\\' && i + 1 < text.Length)
                plain.Append(text[++i]);
            else if (text[i] == quote)
                quote = '\0';
            else if (quote != '\0')
                plain.Append(text[i]);
            else if (text[i] is '\'' or '"')
                quote = text[i];
        }

        return plain.ToString();
    }
}
