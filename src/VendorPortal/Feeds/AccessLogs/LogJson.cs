using System.Text;
using System.Text.Json;
using VendorPortal.Hosting;

namespace VendorPortal.Feeds.AccessLogs;

/// <summary>
/// A log of JSON lines and the map of where each field stands in them: names of nested objects with dots between, alternatives in order of
/// preference. Of an array the first value counts.
/// </summary>
internal sealed class LogJson : ILogLayout
{
    private const int MaxDepth = 16;

    private static readonly LogField[] Fields = Enum.GetValues<LogField>();

    private readonly Node root = new([]);
    private readonly int[] ranks = new int[Fields.Length];

    /// <summary>What nginx writes with <see cref="Presets"/> or under its variables' own names.</summary>
    private static readonly Dictionary<string, (LogField Field, string Paths)[]> Presets = new(StringComparer.Ordinal)
    {
        ["nginx"] =
        [
            (LogField.Time, "msec time_iso8601 time time_local"), (LogField.Request, "request"), (LogField.Method, "method request_method"),
            (LogField.Uri, "uri request_uri"), (LogField.Status, "status"), (LogField.Address, "remote_addr"), (LogField.User, "remote_user"),
            (LogField.UserAgent, "user_agent http_user_agent"),
            (LogField.Digest, "docker_content_digest sent_http_docker_content_digest upstream_http_docker_content_digest"),
        ],
        ["caddy"] =
        [
            (LogField.Time, "ts"), (LogField.Method, "request.method"), (LogField.Uri, "request.uri"), (LogField.Status, "status"),
            (LogField.Address, "request.client_ip request.remote_ip request.remote_addr"), (LogField.User, "user_id"),
            (LogField.UserAgent, "request.headers.User-Agent"), (LogField.Digest, "resp_headers.Docker-Content-Digest"),
        ],
        ["traefik"] =
        [
            (LogField.Time, "StartUTC time"), (LogField.Method, "RequestMethod"), (LogField.Uri, "RequestPath"),
            (LogField.Status, "DownstreamStatus OriginStatus"), (LogField.Address, "ClientHost"), (LogField.User, "ClientUsername"),
            (LogField.UserAgent, "request_User-Agent"), (LogField.Digest, "downstream_Docker-Content-Digest origin_Docker-Content-Digest"),
        ],
    };

    private LogJson(IEnumerable<(LogField Field, string[] Paths)> map)
    {
        foreach (var (field, paths) in map)
        {
            for (var rank = 0; rank < paths.Length; rank++)
                root.Add(paths[rank].Split('.'), field, rank + 1);
        }
    }

    public LogEscape Escape => LogEscape.Json;

    /// <summary>Names of the presets.</summary>
    public static IReadOnlyCollection<string> PresetNames => Presets.Keys;

    /// <summary>
    /// A preset by its name, or a map as JSON: <c>{"time":"ts","method":"req.method","uri":["uri","path"],…}</c>.
    /// </summary>
    /// <exception cref="InputException">It is neither, or lacks what is needed.</exception>
    public static LogJson Compile(string presetOrMap)
    {
        if (Presets.TryGetValue(presetOrMap, out var preset))
            return new LogJson(preset.Select(p => (p.Field, p.Paths.Split(' '))));
        var map = ReadMap(presetOrMap);
        bool Has(LogField field) => map.ContainsKey(field);
        if (!Has(LogField.Time) || !Has(LogField.Status) || !(Has(LogField.Request) || (Has(LogField.Method) && Has(LogField.Uri))))
            throw new InputException("The field map needs time, status, and either request or both method and uri.");
        return new LogJson(map.Select(m => (m.Key, m.Value)));
    }

    public string? Split(ReadOnlySpan<byte> line, Span<LogSlice> fields)
    {
        fields.Clear();
        Array.Clear(ranks);
        if (line[0] != '{')
            return "the line is not a JSON object";
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            ReadObject(ref reader, root, fields);
            reader.Read();
            return null;
        }
        catch (JsonException)
        {
            return "the line is not JSON";
        }
    }

    private void ReadObject(ref Utf8JsonReader reader, Node node, Span<LogSlice> fields)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var child = node.Find(reader.ValueSpan);
            reader.Read();
            if (child is null)
                reader.Skip();
            else
                ReadValue(ref reader, child, fields);
        }
    }

    private void ReadValue(ref Utf8JsonReader reader, Node node, Span<LogSlice> fields)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            ReadObject(ref reader, node, fields);
            return;
        }

        if (reader.TokenType == JsonTokenType.StartArray)
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.EndArray)
                ReadFirst(ref reader, node, fields);
            return;
        }

        Take(ref reader, node, fields);
    }

    private void ReadFirst(ref Utf8JsonReader reader, Node node, Span<LogSlice> fields)
    {
        Take(ref reader, node, fields);
        do
            reader.Skip();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray);
    }

    private void Take(ref Utf8JsonReader reader, Node node, Span<LogSlice> fields)
    {
        if (node.Field is not { } field || reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
            return;
        var value = reader.ValueSpan;
        ref var rank = ref ranks[(int)field];
        if (value.Length == 0 || (value.Length == 1 && value[0] == '-') || (rank > 0 && rank <= node.Rank))
            return;
        rank = node.Rank;
        fields[(int)field] = new LogSlice((int)reader.TokenStartIndex + (reader.TokenType == JsonTokenType.String ? 1 : 0), value.Length);
    }

    private static Dictionary<LogField, string[]> ReadMap(string text)
    {
        Dictionary<string, JsonElement>? read = null;
        try
        {
            read = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(text);
        }
        catch (JsonException)
        {
            // said below
        }

        if (read is null)
            throw new InputException($"'json:{text}' is not known. Give json:{string.Join(", json:", PresetNames)}, or json: and a map such as {{\"time\":\"ts\",\"method\":\"req.method\",\"uri\":\"req.uri\",\"status\":\"status\"}}.");
        var map = new Dictionary<LogField, string[]>();
        foreach (var (name, value) in read)
        {
            var field = Array.Find(Fields, f => JsonNamingPolicy.CamelCase.ConvertName(f.ToString()) == name);
            if (JsonNamingPolicy.CamelCase.ConvertName(field.ToString()) != name)
                throw new InputException($"The field map has '{name}'; it takes {string.Join(", ", Fields.Select(f => JsonNamingPolicy.CamelCase.ConvertName(f.ToString())))}.");
            map[field] = Paths(name, value);
        }

        return map;
    }

    private static string[] Paths(string name, JsonElement value)
    {
        string[] paths = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(path => path.Text() ?? "")] : [value.Text() ?? ""];
        return paths.Length is > 0 and <= 8 && Array.TrueForAll(paths, path => path.Length is > 0 and <= 200)
            ? paths
            : throw new InputException($"The field map's '{name}' is not the name of a field, or an array of up to 8 names.");
    }

    private sealed class Node(byte[] name)
    {
        private readonly List<Node> children = [];

        public LogField? Field { get; private set; }

        public int Rank { get; private set; }

        public void Add(ReadOnlySpan<string> path, LogField field, int rank)
        {
            var bytes = Encoding.UTF8.GetBytes(path[0]);
            var child = Find(bytes);
            if (child is null)
                children.Add(child = new Node(bytes));
            if (path.Length > 1)
                child.Add(path[1..], field, rank);
            else
                (child.Field, child.Rank) = (field, rank);
        }

        public Node? Find(ReadOnlySpan<byte> property)
        {
            foreach (var child in children)
            {
                if (property.SequenceEqual(child.Name))
                    return child;
            }

            return null;
        }

        private byte[] Name { get; } = name;
    }
}
