import { chooseLanguage, languages, useWords } from '../words/words.ts'

/** The languages of the console, one beside the other. */
export function LanguageChoice() {
  const { say, language } = useWords()
  return (
    <fieldset className="choice">
      <legend className="visually-hidden">{say('app.language')}</legend>
      {languages.map(({ tag, short, name }) => (
        <button
          key={tag}
          type="button"
          lang={tag}
          className="choice-item"
          title={name}
          aria-label={`${short} ${name}`}
          aria-pressed={language === tag}
          onClick={() => void chooseLanguage(tag)}
        >
          {short}
        </button>
      ))}
    </fieldset>
  )
}
