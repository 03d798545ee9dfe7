using System.Buffers;
using System.Globalization;
using System.Text;
using VendorPortal.Classification;
using VendorPortal.Storage;

namespace VendorPortal.Benchmarks.Generation;

/// <summary>
/// The log of a web server in front of a registry (nginx's <c>combined</c>) with the requests behind the generated pulls: a handshake now
/// and then, manifests, layers.
/// </summary>
internal static class AccessLogFile
{
    private const int FlushAt = 1 << 20;

    // Pulls are drawn until there are enough lines; this many lines a pull are there at the least.
    private const double LinesPerPull = 2.5;

    /// <summary>Writes exactly <paramref name="lines"/> lines, over two years.</summary>
    public static void Write(string file, long lines, ulong seed)
    {
        var world = new World();
        var dice = new Dice(seed + 1);
        using var output = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var writer = new LineWriter(world);
        foreach (var (row, request) in Traffic.Of(world, (long)(lines / LinesPerPull) + 100, seed).SelectMany(row => RequestsOf(row, dice), (row, request) => (row, request)))
        {
            writer.Write(row, request);
            if (writer.Output.WrittenCount >= FlushAt)
                Flush(writer.Output, output);
            if (--lines == 0)
                break;
        }

        Flush(writer.Output, output);
        if (lines > 0)
            throw new InvalidOperationException($"{lines} lines are missing: the pulls were not enough.");
    }

    private static void Flush(ArrayBufferWriter<byte> lines, FileStream output)
    {
        output.Write(lines.WrittenSpan);
        lines.ResetWrittenCount();
    }

    private static IEnumerable<LoggedRequest> RequestsOf(PullRow row, Dice dice)
    {
        var (name, reference) = (World.Artifact(row.Artifact), World.Version(row.Version));
        if (row.User != 0 && dice.Next() < 0.3)
            yield return new LoggedRequest("GET", "/v2/", 401, 87);
        if (row.Kind == PullKind.VersionCheck || row.Requests > 2)
            yield return new LoggedRequest("HEAD", $"/v2/{name}/manifests/{reference}", 200, 0);
        if (row.Kind == PullKind.VersionCheck)
            yield break;
        yield return new LoggedRequest("GET", $"/v2/{name}/manifests/{reference}", 200, 1_607);
        if (!World.IsDigest(row.Version))
            yield return new LoggedRequest("GET", $"/v2/{name}/manifests/{World.Version(row.Digest)}", 200, 2_319);
        for (var layer = 1 + dice.Next(4); layer > 0; layer--)
            yield return new LoggedRequest("GET", $"/v2/{name}/blobs/sha256:{World.Version(row.Digest)[^58..]}{layer:d6}", 200, 3_208_942);
    }

    private readonly record struct LoggedRequest(string Method, string Path, int Status, int Bytes);

    private sealed class LineWriter(World world)
    {
        private readonly string?[] addresses = new string?[World.Addresses + 1];
        private readonly string?[] users = new string?[World.Users + 1];

        public ArrayBufferWriter<byte> Output { get; } = new(FlushAt + 4096);

        public void Write(PullRow row, LoggedRequest request)
        {
            var at = PullIds.TimeOf(row.Id);
            var address = addresses[row.Address] ??= world.AddressText(row.Address);
            var user = row.User == 0 ? "-" : users[row.User] ??= world.User(row.User);
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{address} - {user} [{at:dd/MMM/yyyy:HH:mm:ss} +0000] \"{request.Method} {request.Path} HTTP/1.1\" {request.Status} {request.Bytes} \"-\" \"{World.UserAgents[row.Client - 1]}\"\n");
            Encoding.ASCII.GetBytes(line, Output);
        }
    }
}
