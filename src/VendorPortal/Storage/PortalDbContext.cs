using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Storage;

/// <summary>
/// The store. A context is made for one vendor (<see cref="PortalDbContextFactory.ForVendor"/>) and then sees only that
/// vendor's rows, or for the installation, where vendor-owned sets are empty.
/// </summary>
public sealed class PortalDbContext(DbContextOptions<PortalDbContext> options) : IdentityUserContext<Member, int>(options)
{
    /// <summary>The vendor whose rows this context sees; 0 sees none.</summary>
    public int VendorId { get; internal set; }

    public DbSet<Vendor> Vendors => Set<Vendor>();

    public DbSet<VendorMember> VendorMembers => Set<VendorMember>();

    public DbSet<ApiToken> ApiTokens => Set<ApiToken>();

    public DbSet<Feed> Feeds => Set<Feed>();

    public DbSet<FeedHour> FeedHours => Set<FeedHour>();

    public DbSet<FeedRejection> FeedRejections => Set<FeedRejection>();

    public DbSet<FollowedFile> FollowedFiles => Set<FollowedFile>();

    public DbSet<Customer> Customers => Set<Customer>();

    /// <summary>Accounts of the registry. (<c>Users</c> is taken by the members who sign in.)</summary>
    public DbSet<RegistryUser> RegistryUsers => Set<RegistryUser>();

    public DbSet<CustomerAssignment> CustomerAssignments => Set<CustomerAssignment>();

    public DbSet<Artifact> Artifacts => Set<Artifact>();

    public DbSet<ArtifactVersion> Versions => Set<ArtifactVersion>();

    public DbSet<Address> Addresses => Set<Address>();

    public DbSet<Client> Clients => Set<Client>();

    public DbSet<ArtifactPublisher> ArtifactPublishers => Set<ArtifactPublisher>();

    public DbSet<Manifest> Manifests => Set<Manifest>();

    public DbSet<ManifestChild> ManifestChildren => Set<ManifestChild>();

    public DbSet<JournalRequest> RegistryRequests => Set<JournalRequest>();

    public DbSet<JournalPurge> JournalPurges => Set<JournalPurge>();

    public DbSet<ImportMark> ImportMarks => Set<ImportMark>();

    public DbSet<Reclassification> Reclassifications => Set<Reclassification>();

    public DbSet<Pull> Pulls => Set<Pull>();

    public DbSet<DailyArtifactPulls> DailyArtifactPulls => Set<DailyArtifactPulls>();

    public DbSet<DailyChanges> DailyChanges => Set<DailyChanges>();

    public DbSet<StoredReport> Reports => Set<StoredReport>();

    public DbSet<PullSegmentEntry> PullSegments => Set<PullSegmentEntry>();

    public DbSet<PullSegmentColumn> PullSegmentColumns => Set<PullSegmentColumn>();

    public DbSet<PullSegmentChange> PullSegmentChanges => Set<PullSegmentChange>();

    public DbSet<ExportRecord> Exports => Set<ExportRecord>();

    public DbSet<SavedView> SavedViews => Set<SavedView>();

    public DbSet<TimelineMark> TimelineMarks => Set<TimelineMark>();

    public DbSet<ProductUser> ProductUsers => Set<ProductUser>();

    public DbSet<UsageConsent> UsageConsents => Set<UsageConsent>();

    public DbSet<UsageExtension> UsageExtensions => Set<UsageExtension>();

    public DbSet<StoredUsageEvent> UsageEvents => Set<StoredUsageEvent>();

    public DbSet<UsageName> UsageNames => Set<UsageName>();

    public DbSet<UsageUserDay> UsageUserDays => Set<UsageUserDay>();

    public DbSet<UsageDay> UsageDays => Set<UsageDay>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(PortalDbContext).Assembly);
        builder.Entity<Member>().ToTable("Members");
        FilterByVendor<ApiToken>(builder);
        FilterByVendor<Feed>(builder);
        FilterByVendor<FeedHour>(builder);
        FilterByVendor<FeedRejection>(builder);
        FilterByVendor<FollowedFile>(builder);
        FilterByVendor<Customer>(builder);
        FilterByVendor<RegistryUser>(builder);
        FilterByVendor<CustomerAssignment>(builder);
        FilterByVendor<Artifact>(builder);
        FilterByVendor<ArtifactVersion>(builder);
        FilterByVendor<Address>(builder);
        FilterByVendor<Client>(builder);
        FilterByVendor<ArtifactPublisher>(builder);
        FilterByVendor<Manifest>(builder);
        FilterByVendor<ManifestChild>(builder);
        FilterByVendor<JournalRequest>(builder);
        FilterByVendor<JournalPurge>(builder);
        FilterByVendor<ImportMark>(builder);
        FilterByVendor<Reclassification>(builder);
        FilterByVendor<Pull>(builder);
        FilterByVendor<DailyArtifactPulls>(builder);
        FilterByVendor<DailyChanges>(builder);
        FilterByVendor<StoredReport>(builder);
        FilterByVendor<PullSegmentEntry>(builder);
        FilterByVendor<PullSegmentColumn>(builder);
        FilterByVendor<PullSegmentChange>(builder);
        FilterByVendor<ExportRecord>(builder);
        FilterByVendor<SavedView>(builder);
        FilterByVendor<TimelineMark>(builder);
        FilterByVendor<ProductUser>(builder);
        FilterByVendor<UsageConsent>(builder);
        FilterByVendor<UsageExtension>(builder);
        FilterByVendor<StoredUsageEvent>(builder);
        FilterByVendor<UsageName>(builder);
        FilterByVendor<UsageUserDay>(builder);
        FilterByVendor<UsageDay>(builder);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();
    }

    private void FilterByVendor<T>(ModelBuilder builder)
        where T : class, IVendorOwned =>
        builder.Entity<T>().HasQueryFilter("Vendor", row => row.VendorId == VendorId);

    /// <summary>Times are UTC in the store; what is read says so.</summary>
    private sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(
        value => value.Kind == DateTimeKind.Utc ? value : value.ToUniversalTime(),
        value => DateTime.SpecifyKind(value, DateTimeKind.Utc));
}
