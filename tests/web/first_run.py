"""A walk through the first run, in German, that names the box and skips the rest."""

TO_THE_SHEET = """
        await page.goto('/first-run');
        await page.fill('#f-name', 'Kanzlei');
        await page.getByRole('button', { name: 'Speichern und weiter' }).click();
        await page.getByRole('heading', { level: 1, name: 'Verantwortliche Person' }).waitFor();
        for (let at = 0; at < args.steps - 2; at++) {
          const before = page.url();
          await page.getByRole('button', { name: 'Überspringen' }).click();
          await page.waitForURL((url) => url.href !== before);
        }
        await page.getByText('Kanzlei', { exact: true }).first().waitFor();
"""
"""For a browser of somebody who may: from anywhere to the sheet at the end. ``args.steps``: of how many steps."""
