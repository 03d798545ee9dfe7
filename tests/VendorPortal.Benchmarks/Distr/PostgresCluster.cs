using System.Globalization;

namespace VendorPortal.Benchmarks.Distr;

/// <summary>
/// A PostgreSQL cluster that is thrown away: made in a temporary folder, reached through a socket in it, so that no port is taken.
/// PostgreSQL refuses to run as root; then everything of it runs as the account <c>postgres</c>.
/// </summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private const string Account = "postgres";
    private static readonly bool IsRoot = string.Equals(Environment.UserName, "root", StringComparison.Ordinal);

    private readonly string programs;
    private readonly string folder;

    private PostgresCluster(string programs, string folder)
    {
        this.programs = programs;
        this.folder = folder;
    }

    /// <summary>The folder of the newest installed server's programs; null where there is none.</summary>
    public static string? FindPrograms()
    {
        const string Debian = "/usr/lib/postgresql";
        if (!Directory.Exists(Debian))
            return null;
        return Directory.GetDirectories(Debian).OrderByDescending(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var version) ? version : 0)
            .Select(d => Path.Combine(d, "bin")).FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")));
    }

    /// <summary>Makes and starts a cluster. <paramref name="settings"/> are <c>name=value</c>.</summary>
    public static async Task<PostgresCluster> StartAsync(string programs, IEnumerable<string> settings, CancellationToken ct)
    {
        var temporary = Path.Combine(Path.GetTempPath(), "vendor-portal-distr-XXXXXX");
        var cluster = new PostgresCluster(programs, (await AsAccountAsync("mktemp", ["-d", temporary], ct)).Trim());
        try
        {
            await cluster.ProgramAsync("initdb", ["-D", cluster.Data, "-A", "trust", "-U", Account, "-E", "UTF8", "--locale=C", "--no-sync"], ct);
            var options = string.Join(' ', settings.Prepend("listen_addresses=''").Append($"unix_socket_directories='{cluster.folder}'").Select(s => $"-c {s}"));
            await cluster.ProgramAsync("pg_ctl", ["-D", cluster.Data, "-w", "-t", "60", "-l", Path.Combine(cluster.folder, "log"), "-o", options, "start"], ct);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a script by <c>psql</c>, which stops at the first error, and returns what it printed.</summary>
    public Task<string> RunAsync(string script, CancellationToken ct) => RunAsync(
        async input =>
        {
            await using var writer = new StreamWriter(input);
            await writer.WriteAsync(script.AsMemory(), ct);
        },
        ct);

    public Task<string> RunAsync(Func<Stream, Task> script, CancellationToken ct) =>
        Tool.RunAsync("psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", folder, "-U", Account, "-d", "postgres", "-f", "-"], script, ct);

    public async ValueTask DisposeAsync()
    {
        // pg_ctl stops the server whose process id stands in the folder, and no other.
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
            await ProgramAsync("pg_ctl", ["-D", Data, "-m", "immediate", "-w", "stop"], CancellationToken.None);
        Directory.Delete(folder, recursive: true);
    }

    private string Data => Path.Combine(folder, "data");

    private Task<string> ProgramAsync(string name, string[] arguments, CancellationToken ct) => AsAccountAsync(Path.Combine(programs, name), arguments, ct);

    private static Task<string> AsAccountAsync(string program, string[] arguments, CancellationToken ct) => IsRoot
        ? Tool.RunAsync("runuser", ["-u", Account, "--", program, .. arguments], null, ct)
        : Tool.RunAsync(program, arguments, null, ct);
}
