//! macOS: the application bundle says which schemes it opens, and Launch Services keeps who does.
//!
//! A scheme that the bundle's Info.plist does not list cannot be taken: nothing registers one at run time.

use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use anyhow::{Context, ensure};
use block2::RcBlock;
use objc2_app_kit::{NSRunningApplication, NSWorkspace, NSWorkspaceOpenConfiguration};
use objc2_foundation::{NSArray, NSError, NSString, NSURL};

use super::{Holder, Program, Scheme, SchemeTable, Taking};

/// The system may ask the person first.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);

pub struct LaunchServices {
    bundle: PathBuf,
}

impl LaunchServices {
    pub fn new(program: &Path) -> anyhow::Result<Self> {
        let is_bundle = |folder: &&Path| folder.extension().is_some_and(|extension| extension == "app");
        let bundle =
            program.ancestors().find(is_bundle).context("this program is not inside an application")?;
        Ok(Self { bundle: bundle.to_owned() })
    }

    fn make_holder(&self, scheme: &Scheme, application: &Path) -> anyhow::Result<()> {
        let path = application.to_str().context("the application's path is not Unicode")?;
        let url = NSURL::fileURLWithPath(&NSString::from_str(path));
        let (tell, told) = sync_channel(1);
        let done = RcBlock::new(move |error: *mut NSError| {
            // Nobody waits any more: the answer shows at the next look.
            let _ = tell.try_send(error.is_null());
        });
        NSWorkspace::sharedWorkspace().setDefaultApplicationAtURL_toOpenURLsWithScheme_completionHandler(
            &url,
            &NSString::from_str(scheme.as_str()),
            Some(&done),
        );
        let accepted = told.recv_timeout(ANSWER_WITHIN).context("the system did not answer")?;
        ensure!(accepted, "the system refused {} for {scheme}", application.display());
        Ok(())
    }
}

impl SchemeTable for LaunchServices {
    fn holder(&self, scheme: &Scheme) -> anyhow::Result<Holder> {
        let Some(application) = opener(scheme) else { return Ok(Holder::Nobody) };
        if application == self.bundle {
            return Ok(Holder::Us);
        }
        let name = application.file_stem().map(|name| name.to_string_lossy().into_owned());
        let record = application.to_str().map(str::to_owned);
        Ok(Holder::Another(Program::named(&[name], record)))
    }

    fn take(&self, scheme: &Scheme) -> anyhow::Result<Taking> {
        self.make_holder(scheme, &self.bundle)?;
        Ok(Taking::Done)
    }

    fn give_back(&self, scheme: &Scheme, former: &Program) -> anyhow::Result<Taking> {
        let application = former.record.as_deref().context("it is not known where it is")?;
        self.make_holder(scheme, Path::new(application))?;
        Ok(Taking::Done)
    }

    fn open_with(&self, former: &Program, link: &str) -> anyhow::Result<()> {
        let application = former.record.as_deref().context("it is not known where it is")?;
        ensure!(Path::new(application) != self.bundle, "it is this program, which has the link already");
        let link =
            NSURL::URLWithString(&NSString::from_str(link)).context("the system reads no link in it")?;
        let application = NSURL::fileURLWithPath(&NSString::from_str(application));
        let (tell, told) = sync_channel(1);
        let done = RcBlock::new(move |_: *mut NSRunningApplication, error: *mut NSError| {
            // Nobody waits any more: the person sees whether it opened.
            let _ = tell.try_send(error.is_null());
        });
        NSWorkspace::sharedWorkspace().openURLs_withApplicationAtURL_configuration_completionHandler(
            &NSArray::from_retained_slice(&[link]),
            &application,
            &NSWorkspaceOpenConfiguration::configuration(),
            Some(&done),
        );
        let opened = told.recv_timeout(ANSWER_WITHIN).context("the system did not answer")?;
        ensure!(opened, "the system did not open the link with it");
        Ok(())
    }

    /// Nothing was written: what the bundle lists goes with the bundle.
    fn remove(&self, _scheme: &Scheme) -> anyhow::Result<Taking> {
        Ok(Taking::Done)
    }

    fn can_remove(&self, _scheme: &Scheme) -> bool {
        false
    }
}

fn opener(scheme: &Scheme) -> Option<PathBuf> {
    let link = NSURL::URLWithString(&NSString::from_str(&format!("{scheme}:0")))?;
    let application = NSWorkspace::sharedWorkspace().URLForApplicationToOpenURL(&link)?;
    application.path().map(|path| PathBuf::from(path.to_string()))
}
