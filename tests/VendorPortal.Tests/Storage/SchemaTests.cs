using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Storage;

/// <summary>What the schema promises: tenants apart, history never cascades away, migrations complete.</summary>
public sealed class SchemaTests : IDisposable
{
    private readonly TestStore store = new();

    public void Dispose() => store.Dispose();

    private List<IEntityType> VendorOwned()
    {
        using var context = store.Contexts.ForInstallation();
        return [.. context.Model.GetEntityTypes().Where(t => t.ClrType.GetProperty("VendorId") is not null)];
    }

    [Fact]
    public void VendorOwnedTypes_KeyAndIndexes_StartWithTheVendor()
    {
        var types = VendorOwned();

        Assert.True(types.Count >= 15, $"Only {types.Count} types belong to a vendor.");
        Assert.All(types, t => Assert.Equal("VendorId", t.FindPrimaryKey()!.Properties[0].Name));
        // The way from a member to the vendors is the one that has to start elsewhere; it holds no data of a vendor.
        Assert.All(types.Where(t => t.ClrType != typeof(VendorMember)).SelectMany(t => t.GetIndexes()), i => Assert.Equal("VendorId", i.Properties[0].Name));
    }

    [Fact]
    public void VendorOwnedTypes_HaveTheNamedFilter()
    {
        var types = VendorOwned().Where(t => t.ClrType != typeof(VendorMember)).ToList();

        Assert.All(types, t => Assert.True(typeof(IVendorOwned).IsAssignableFrom(t.ClrType), t.Name));
        Assert.All(types, t => Assert.True(t.FindDeclaredQueryFilter("Vendor") is not null, t.Name));
    }

    [Fact]
    public void LogAndJournal_NothingCascadesIntoThem()
    {
        using var context = store.Contexts.ForInstallation();
        Type[] history = [typeof(Pull), typeof(JournalRequest), typeof(DailyArtifactPulls)];
        var keys = context.Model.GetEntityTypes().SelectMany(t => t.GetForeignKeys()).ToList();

        Assert.NotEmpty(keys);
        Assert.DoesNotContain(keys, k => history.Contains(k.DeclaringEntityType.ClrType));
        // Nor by a detour over what the log refers to.
        Assert.All(keys.Where(k => k.DeleteBehavior == DeleteBehavior.Cascade), k => Assert.True(
            k.PrincipalEntityType.ClrType == typeof(Vendor) || k.PrincipalEntityType.ClrType == typeof(Member), k.ToString()));
    }

    [Fact]
    public void WaitingRequests_AreFoundByTheirIndexHoweverLongTheJournalIs()
    {
        using var context = store.Contexts.ForVendor(1);
        var waiting = context.RegistryRequests.Where(r => r.PullId == null);
        string[] queries =
        [
            waiting.OrderBy(r => r.Id).Select(r => r.Id).Take(10).ToQueryString(),
            waiting.Where(r => r.FeedId == 1 && r.Id <= 7).OrderByDescending(r => r.Id).Select(r => r.Id).ToQueryString(),
            waiting.Select(r => new { r.Id, r.FeedId }).ToQueryString(),
        ];

        using var connection = store.Database.OpenReader();
        Assert.All(queries, query =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "EXPLAIN QUERY PLAN " + Regex.Replace(Regex.Replace(query, @"^\.param.*$", "", RegexOptions.Multiline, TimeSpan.FromSeconds(1)), "@\\w+", "1", RegexOptions.None, TimeSpan.FromSeconds(1));
            using var reader = command.ExecuteReader();
            Assert.True(reader.Read());
            Assert.Contains("COVERING INDEX IX_RegistryRequests_Pending", reader.GetString(3), StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("Pulls")]
    [InlineData("RegistryRequests")]
    [InlineData("DailyArtifactPulls")]
    [InlineData("UsageEvents")]
    [InlineData("UsageUserDays")]
    [InlineData("UsageDays")]
    public void LogAndJournal_InTheFile_AreClusteredWithoutForeignKeys(string table)
    {
        using var connection = store.Database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = $name";
        command.Parameters.AddWithValue("$name", table);
        var sql = (string)command.ExecuteScalar()!;

        Assert.EndsWith("WITHOUT ROWID", sql, StringComparison.Ordinal);
        Assert.DoesNotContain("REFERENCES", sql, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Log_InTheFile_HasNoIndex()
    {
        using var connection = store.Database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'index' AND tbl_name = 'Pulls' AND sql IS NOT NULL";

        Assert.Equal(0L, command.ExecuteScalar());
    }

    [Fact]
    public void Model_MigrationsAreComplete()
    {
        using var context = store.Contexts.ForInstallation();

        Assert.False(context.Database.HasPendingModelChanges());
        Assert.Empty(context.Database.GetPendingMigrations());
    }

    [Fact]
    public async Task Context_OfNoVendor_SeesNoRowsOfAny()
    {
        var vendorId = await store.AddVendorAsync();
        await using var own = store.Contexts.ForVendor(vendorId);
        await using var none = store.Contexts.ForInstallation();

        Assert.Equal(2, await own.Feeds.CountAsync());
        Assert.Equal(0, await none.Feeds.CountAsync());
    }

    [Fact]
    public void Writer_Commits_SurviveAPowerLoss()
    {
        store.Database.OpenRepeatableWriter().Dispose(); // leaves nothing to those that get its connection from the pool
        using var connection = store.Database.OpenWriter();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT (SELECT synchronous FROM pragma_synchronous) || ' ' || (SELECT journal_mode FROM pragma_journal_mode)";

        Assert.Equal("2 wal", command.ExecuteScalar());
    }
}
