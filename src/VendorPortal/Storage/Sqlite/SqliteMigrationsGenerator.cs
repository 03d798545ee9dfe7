using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace VendorPortal.Storage.Sqlite;

/// <summary>
/// Creates the tables that are clustered by their primary key as <c>WITHOUT ROWID</c>, which EF Core has no word for: a vendor's
/// newest pulls are then one range of the key.
/// </summary>
internal sealed class SqliteMigrationsGenerator(MigrationsSqlGeneratorDependencies dependencies, IRelationalAnnotationProvider annotations)
    : SqliteMigrationsSqlGenerator(dependencies, annotations)
{
    private static readonly HashSet<string> Clustered =
    [
        "RegistryRequests", "Pulls", "DailyArtifactPulls", "DailyChanges", "PullSegments", "PullSegmentChanges", "FeedHours", "FeedRejections",
        "UsageEvents", "UsageUserDays", "UsageDays",
    ];

    protected override void Generate(CreateTableOperation operation, IModel? model, MigrationCommandListBuilder builder, bool terminate = true)
    {
        if (!terminate || !Clustered.Contains(operation.Name))
        {
            base.Generate(operation, model, builder, terminate);
            return;
        }

        base.Generate(operation, model, builder, terminate: false);
        builder.Append(" WITHOUT ROWID").AppendLine(Dependencies.SqlGenerationHelper.StatementTerminator);
        EndStatement(builder);
    }
}
