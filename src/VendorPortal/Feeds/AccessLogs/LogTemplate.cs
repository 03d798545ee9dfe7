using System.Text;
using VendorPortal.Hosting;

namespace VendorPortal.Feeds.AccessLogs;

/// <summary>
/// A log whose lines follow a text with variables, as nginx's <c>log_format</c> describes it, compiled into a list of fields. What follows
/// the last literal text of a line is not looked at, so formats that only append fields are read too.
/// </summary>
internal sealed class LogTemplate : ILogLayout
{
    /// <summary>nginx's and Apache's <c>combined</c>; Traefik's common format begins like it.</summary>
    public const string Combined = "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\" \"$http_user_agent\"";

    private readonly byte[] prefix;
    private readonly Part[] parts;

    private LogTemplate(string prefix, List<Part> parts, LogEscape escape)
    {
        this.prefix = Encoding.UTF8.GetBytes(prefix);
        this.parts = [.. parts];
        Escape = escape;
    }

    public LogEscape Escape { get; }

    /// <summary>
    /// Compiles the text of a <c>log_format</c>, or the whole directive as it stands in nginx.conf. <paramref name="address"/> names the
    /// variable that holds the client's address.
    /// </summary>
    /// <exception cref="InputException">It lacks what is needed, or cannot be told apart again.</exception>
    public static LogTemplate Compile(string format, string address)
    {
        var (text, escape) = LogFormatDirective.Read(format);
        var (before, variables) = Variables(text);
        if (variables.Count == 0)
            throw new InputException("The log format has no variables. Give nginx's log_format, for example '$remote_addr - $remote_user [$time_local] \"$request\" $status …'.");
        for (var i = 0; i < variables.Count - 1; i++)
        {
            if (variables[i].After.Length == 0)
                throw new InputException($"The log format has no text between ${variables[i].Name} and ${variables[i + 1].Name}; lines could not be taken apart.");
        }

        var time = new[] { "msec", "time_iso8601", "time_local" }.FirstOrDefault(name => variables.Exists(v => v.Name == name));
        var compiled = variables.ConvertAll(v => new Part(FieldOf(v.Name, time, address), v.Name == "time_local", Encoding.UTF8.GetBytes(v.After)));
        Require(compiled, time, address);
        return new LogTemplate(before, compiled, escape);
    }

    public string? Split(ReadOnlySpan<byte> line, Span<LogSlice> fields)
    {
        fields.Clear();
        if (!line.StartsWith(prefix))
            return "the line is not of the feed's log format";
        var at = prefix.Length;
        for (var i = 0; i < parts.Length; i++)
        {
            var length = Length(line[at..], i);
            if (length < 0)
                return "the line is not of the feed's log format";
            if (parts[i].Field is { } field && !IsMissing(line.Slice(at, length)))
                fields[(int)field] = new LogSlice(at, length);
            at += length + parts[i].After.Length;
        }

        return null;
    }

    private static bool IsMissing(ReadOnlySpan<byte> value) => value.Length == 0 || (value.Length == 1 && value[0] == '-');

    private int Length(ReadOnlySpan<byte> rest, int index)
    {
        ReadOnlySpan<byte> after = parts[index].After;
        if (after.Length == 0)
            return rest.Length;
        if (after[0] == '"' && Escape != LogEscape.None)
            return Quoted(rest, after);
        if (index + 1 < parts.Length && parts[index + 1].IsLocalTime)
            return BeforeTime(rest, after, parts[index + 1].After);
        return rest.IndexOf(after);
    }

    // A quote that ends the value is never escaped; one that is not followed by what must follow means another format.
    private static int Quoted(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> after)
    {
        for (var from = 0; ;)
        {
            var quote = rest[from..].IndexOf((byte)'"');
            if (quote < 0)
                return -1;
            quote += from;
            var escapes = 0;
            while (quote - escapes > 0 && rest[quote - escapes - 1] == '\\')
                escapes++;
            if (escapes % 2 == 0)
                return rest[quote..].StartsWith(after) ? quote : -1;
            from = quote + 1;
        }
    }

    // A user name may have what stands before the time in it, but never a whole time and what stands after it.
    private static int BeforeTime(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        for (var from = 0; ;)
        {
            var found = rest[from..].IndexOf(before);
            if (found < 0)
                return -1;
            found += from;
            var time = rest[(found + before.Length)..];
            if (LogTime.IsLocal(time) && time[LogTime.LocalLength..].StartsWith(after))
                return found;
            from = found + 1;
        }
    }

    private static (string Prefix, List<(string Name, string After)> Variables) Variables(string text)
    {
        var before = new StringBuilder();
        var variables = new List<(string Name, StringBuilder After)>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '$')
            {
                (variables.Count == 0 ? before : variables[^1].After).Append(text[i]);
                continue;
            }

            var braces = i + 1 < text.Length && text[i + 1] == '{';
            var start = i + (braces ? 2 : 1);
            var end = start;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
                end++;
            if (end == start || (braces && (end == text.Length || text[end] != '}')))
                throw new InputException("The log format has a '$' that begins no variable; write $name or ${name}.");
            variables.Add((text[start..end], new StringBuilder()));
            i = braces ? end : end - 1;
        }

        return (before.ToString(), variables.ConvertAll(v => (v.Name, v.After.ToString())));
    }

    private static LogField? FieldOf(string variable, string? time, string address) => variable switch
    {
        _ when variable == time => LogField.Time,
        _ when variable == address => LogField.Address,
        "request" => LogField.Request,
        "request_method" => LogField.Method,
        "request_uri" or "uri" => LogField.Uri,
        "status" => LogField.Status,
        "remote_user" => LogField.User,
        "http_user_agent" => LogField.UserAgent,
        "sent_http_docker_content_digest" or "upstream_http_docker_content_digest" => LogField.Digest,
        _ => null,
    };

    private static void Require(List<Part> parts, string? time, string address)
    {
        bool Has(LogField field) => parts.Exists(p => p.Field == field);
        if (time is null)
            throw new InputException("The log format tells no time; it needs one of $msec, $time_iso8601 and $time_local.");
        if (!Has(LogField.Status))
            throw new InputException("The log format tells no status; it needs $status.");
        if (!Has(LogField.Request) && !(Has(LogField.Method) && Has(LogField.Uri)))
            throw new InputException("The log format tells no request; it needs $request, or $request_method and $request_uri.");
        if (!Has(LogField.Address) && address != AccessLogFormat.DefaultAddress)
            throw new InputException($"The log format has no ${address}, which was named as the client's address.");
    }

    private sealed record Part(LogField? Field, bool IsLocalTime, byte[] After);
}
